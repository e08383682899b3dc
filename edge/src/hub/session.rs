//! One socket's part in everything.

use super::source::{MissLimit, Viewer, WatchError};
use super::watches::{Hub, Subject, Watching};
use crate::PersonId;
use crate::counter::{Account, ClickError, ClickSource, Counter, Receipt};
use crate::metrics::Metrics;
use crate::presence::Guard;
use bytes::Bytes;
use protocol::Step;
use protocol::live::{Topic, WorldTopic};
use std::sync::Arc;
use tokio::sync::watch;
use tokio_stream::{StreamExt, StreamMap};

/// What a session is to send to its browser next.
#[derive(Clone, Debug, PartialEq)]
pub enum Outgoing {
    /// Its clicks up to the receipt's number are counted.
    Counted(Receipt),
    /// A [`protocol::live::ServerFrame::State`], encoded as UTF-8 JSON, shared with all sessions that get it.
    Frame(Bytes),
}

/// One open session: counted as present, told of what it watches, its clicks taken. Dropping it closes it.
pub struct Session {
    hub: Hub,
    viewer: Viewer,
    watching: StreamMap<Subject, Watching>,
    /// What the viewer asked to watch while nobody could say whether they may.
    undecided: Vec<Subject>,
    /// How many keys it may watch beside the world.
    watches_max: usize,
    counter: Counter,
    source: ClickSource,
    /// Made with the first click: most sessions only watch.
    clicks: Option<Clicks>,
    metrics: Metrics,
    present: Guard,
}

/// What all sessions of an instance share.
pub(crate) struct Services<'a> {
    pub(crate) hub: &'a Hub,
    pub(crate) watches_max: usize,
    pub(crate) counter: &'a Counter,
    pub(crate) metrics: &'a Metrics,
}

/// A clicking session's account.
struct Clicks {
    account: Arc<Account>,
    receipts: watch::Receiver<Receipt>,
}

impl Session {
    pub(crate) fn new(services: &Services<'_>, source: ClickSource, present: Guard) -> Self {
        let mut session = Self {
            hub: services.hub.clone(),
            viewer: Viewer {
                person: present.person(),
                misses: None,
            },
            watching: StreamMap::new(),
            undecided: Vec::new(),
            watches_max: services.watches_max,
            counter: services.counter.clone(),
            source,
            clicks: None,
            metrics: services.metrics.clone(),
            present,
        };
        session.watch_unchecked(WorldTopic::NAME, "");
        session
    }

    /// Bounds how many keys that do not exist its viewer may try.
    #[must_use]
    pub fn with_miss_limit(mut self, misses: Arc<dyn MissLimit>) -> Self {
        self.viewer.misses = Some(misses);
        self
    }

    /// Whether clicks of it were counted lately through this instance, by an earlier connection or exchange.
    #[must_use]
    pub fn has_clicked(&self) -> bool {
        self.counter.has_counted(&self.source)
    }

    /// Takes a click.
    ///
    /// # Errors
    /// [`ClickError`]; the click will not be counted then.
    pub fn click(&mut self, seq: u64, step: Step) -> Result<(), ClickError> {
        let clicks = self.clicks.get_or_insert_with(|| {
            let account = self.counter.account(self.source.clone());
            let receipts = account.receipts();
            Clicks { account, receipts }
        });
        let outcome = self.counter.add(&clicks.account, seq, step);
        if outcome.is_err() {
            self.metrics.clicks_refused.inc();
        }
        outcome
    }

    /// Watches a key of a topic: its state comes as a frame at once, then at each change.
    ///
    /// # Errors
    /// [`WatchError`]. After [`WatchError::Link`] it is tried again by [`decide`](Self::decide).
    pub async fn watch(&mut self, topic: &str, key: &str) -> Result<(), WatchError> {
        let source = self.hub.find(topic).ok_or(WatchError::UnknownTopic)?;
        let key = key.into();
        self.admit(Subject { source, key }).await
    }

    async fn admit(&mut self, asked: Subject) -> Result<(), WatchError> {
        let source = asked.source;
        // The world is always one of them.
        let is_full = self.watching.len() + self.undecided.len() > self.watches_max;
        if is_full && !self.watching.contains_key(&asked) {
            return Err(WatchError::TooMany(self.watches_max));
        }
        match self.hub.sources()[source]
            .admit(&self.viewer, &asked.key)
            .await
        {
            Ok(key) => {
                self.start(Subject { source, key });
                Ok(())
            }
            Err(error) => {
                if matches!(error, WatchError::Link(_)) {
                    self.undecided.push(asked);
                }
                Err(error)
            }
        }
    }

    /// Tries again to watch what could not be decided.
    pub async fn decide(&mut self) {
        let mut asked = std::mem::take(&mut self.undecided).into_iter();
        while let Some(next) = asked.next() {
            // What is denied by now stays unwatched. While Redis does not answer, the session waits for one call alone.
            if let Err(WatchError::Link(_)) = self.admit(next).await {
                self.undecided.extend(asked);
                break;
            }
        }
    }

    /// Watches a key without asking its source whether the viewer may: that is for the caller to know. An unknown topic
    /// is ignored.
    pub fn watch_unchecked(&mut self, topic: &str, key: &str) {
        if let Some(source) = self.hub.find(topic) {
            let key = key.into();
            self.start(Subject { source, key });
        }
    }

    fn start(&mut self, subject: Subject) {
        // Where it is watched already, the state comes again. The new stream is there before the old one goes.
        let frames = self.hub.watch(subject.clone());
        self.watching.insert(subject, frames);
    }

    /// Stops watching a key.
    pub fn unwatch(&mut self, topic: &str, key: &str) {
        if let Some(source) = self.hub.find(topic) {
            let key = key.into();
            let subject = Subject { source, key };
            self.watching.remove(&subject);
            self.undecided.retain(|asked| *asked != subject);
        }
    }

    /// Whose session it is.
    #[must_use]
    pub fn person(&self) -> PersonId {
        self.viewer.person
    }

    /// Waits until the session is to end: its person was forgotten, or is to begin anew.
    pub fn ended(&self) -> impl Future<Output = ()> + Send + use<> {
        self.present.end().clone().cancelled_owned()
    }

    /// Waits for the next thing to send; receipts before frames that include their clicks. Of all that is watched
    /// nothing keeps the rest waiting. `None` when the last clone of the engine is gone.
    ///
    /// Safe to cancel: nothing is taken before it is returned.
    pub async fn next(&mut self) -> Option<Outgoing> {
        loop {
            tokio::select! {
                biased;
                receipt = next_receipt(&mut self.clicks) => {
                    // An account that has counted nothing yet has nothing to say.
                    if receipt.seq > 0 {
                        return Some(Outgoing::Counted(receipt));
                    }
                }
                frame = self.watching.next() => {
                    self.metrics.frames_delivered.inc();
                    return frame.map(|(_, frame)| Outgoing::Frame(frame));
                }
            }
        }
    }
}

async fn next_receipt(clicks: &mut Option<Clicks>) -> Receipt {
    if let Some(clicks) = clicks
        && clicks.receipts.changed().await.is_ok()
    {
        return *clicks.receipts.borrow_and_update();
    }
    std::future::pending().await
}
