//! One socket's part in everything.

use super::line::{Line, Outgoing, Sink};
use super::source::{MissLimit, Viewer, WatchError};
use super::watches::{Hub, Subject};
use crate::PersonId;
use crate::counter::{ClickError, ClickSource, Counter};
use crate::document::{ChangeError, Kinds};
use crate::presence::{End, Presence};
use bytes::Bytes;
use protocol::live::{RawJson, Topic, WorldTopic};
use protocol::{SessionId, Step};
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};

/// One open session: counted as present, told of what it watches, its clicks taken. Dropping it closes it.
pub struct Session {
    services: Arc<Services>,
    viewer: Viewer,
    line: Arc<Line>,
    /// What the viewer asked to watch while nobody could say whether they may.
    undecided: Vec<Subject>,
    id: SessionId,
}

/// What all sessions of an instance share.
pub(crate) struct Services {
    pub(crate) hub: Hub,
    /// How many keys a session may watch beside the world.
    pub(crate) watches_max: usize,
    pub(crate) counter: Counter,
    pub(crate) presence: Presence,
    pub(crate) documents: Kinds,
}

impl Session {
    pub(crate) fn new(services: Arc<Services>, id: SessionId, person: PersonId) -> Self {
        let line = Arc::new(Line::new(services.hub.queue().clone()));
        services.presence.join(person, line.clone());
        let session = Self {
            services,
            viewer: Viewer {
                person,
                misses: None,
            },
            line,
            undecided: Vec::new(),
            id,
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
        let source = ClickSource::session(&self.id);
        self.services.counter.has_counted(&source)
    }

    /// Takes a click.
    ///
    /// # Errors
    /// [`ClickError`]; the click will not be counted then.
    pub fn click(&mut self, seq: u64, step: Step) -> Result<(), ClickError> {
        let account = self.line.account().unwrap_or_else(|| {
            let source = ClickSource::session(&self.id);
            let account = self.services.counter.account(source);
            self.line.set_account(account.clone());
            account
        });
        let outcome = self.services.counter.add(&account, seq, step);
        if outcome.is_err() {
            self.services.hub.metrics().clicks_refused.inc();
        }
        outcome
    }

    /// Whether a topic is of a kind of document: who watches one is also told what it holds of them.
    #[must_use]
    pub fn is_document(&self, topic: &str) -> bool {
        self.services.documents.find(topic).is_some()
    }

    /// Whether a session that watches a topic is told of it at once: not where the topic is unknown, nor of what is a person's
    /// own while Redis is away.
    #[must_use]
    pub fn is_told(&self, topic: &str) -> bool {
        let hub = &self.services.hub;
        let source = hub.find(topic).map(|source| &hub.sources()[source]);
        source.is_some_and(|source| !source.is_personal() || hub.link().age_ms() == 0)
    }

    /// Changes a document. A session numbers its changes of each document, in rising order; one that comes again under its number
    /// counts once. Whether it is applied or refused comes as a frame.
    ///
    /// # Errors
    /// [`ChangeError`]; the change is not taken then.
    pub fn change(
        &mut self,
        topic: &str,
        key: &str,
        seq: u64,
        change: &RawJson,
    ) -> Result<(), ChangeError> {
        let kind = self.services.documents.find(topic);
        let kind = kind.ok_or(ChangeError::UnknownTopic)?;
        let answered = Arc::new(self.line.clone());
        let (person, source) = (self.viewer.person, (&self.id, seq));
        kind.change((key, change), source, person, answered)
    }

    /// Watches a key of a topic: its state comes as a frame at once, then at each change.
    ///
    /// # Errors
    /// [`WatchError`]. After [`WatchError::Link`] it is tried again by [`decide`](Self::decide).
    pub async fn watch(&mut self, topic: &str, key: &str) -> Result<(), WatchError> {
        let source = self
            .services
            .hub
            .find(topic)
            .ok_or(WatchError::UnknownTopic)?;
        let key = key.into();
        self.admit(Subject { source, key }).await
    }

    async fn admit(&mut self, asked: Subject) -> Result<(), WatchError> {
        let source = asked.source;
        // The world is always one of them.
        let sources = self.services.hub.sources();
        let watched = self.line.watched(|source| !sources[source].is_own());
        let is_full = watched + self.undecided.len() > self.services.watches_max;
        let key = sources[source].admitted(&self.viewer, &asked.key);
        if is_full && !self.line.watches(&Subject { source, key }) {
            return Err(WatchError::TooMany(self.services.watches_max));
        }
        match self.services.hub.sources()[source]
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
    pub fn watch_unchecked(&self, topic: &str, key: &str) {
        if let Some(source) = self.services.hub.find(topic) {
            let key = key.into();
            self.start(Subject { source, key });
        }
    }

    fn start(&self, subject: Subject) {
        let own = self.own(&subject);
        self.services.hub.watch(subject, &self.line);
        if let Some(own) = own {
            self.services.hub.watch(own, &self.line);
        }
    }

    /// What the viewer of a key watches too, because it is theirs.
    fn own(&self, subject: &Subject) -> Option<Subject> {
        let source = &self.services.hub.sources()[subject.source];
        Some(Subject {
            key: source.own_key(&self.viewer, &subject.key)?,
            source: subject.source + 1,
        })
    }

    /// Stops watching a key.
    pub fn unwatch(&mut self, topic: &str, key: &str) {
        if let Some(source) = self.services.hub.find(topic) {
            let key = self.services.hub.sources()[source].admitted(&self.viewer, key);
            let subject = Subject { source, key };
            for subject in [self.own(&subject), Some(subject.clone())]
                .into_iter()
                .flatten()
            {
                if let Some(watching) = self.line.unwatch(&subject) {
                    self.services.hub.unwatch(&watching);
                }
            }
            self.undecided.retain(|asked| *asked != subject);
        }
    }

    /// Whose session it is.
    #[must_use]
    pub fn person(&self) -> PersonId {
        self.viewer.person
    }

    /// Whether the session is to end: its person was forgotten or is to begin anew, or the instance ends. When that
    /// happens, it wakes whoever waits for a backlog.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.line.is_over()
    }

    /// Waits until the session is to end.
    pub async fn over(&self) {
        while !self.is_over() {
            poll_fn(|context| self.line.poll_due(context)).await;
        }
    }

    /// Waits for the next thing to send; receipts before frames that include their clicks. Of all that is watched
    /// nothing keeps the rest waiting. For sessions without a [`Sink`].
    ///
    /// Safe to cancel: nothing is taken before it is returned.
    pub async fn next(&mut self) -> Outgoing {
        loop {
            if let Some(outgoing) = self.line.take_one() {
                self.services
                    .hub
                    .count(matches!(outgoing, Outgoing::Frame(_)).into());
                return outgoing;
            }
            poll_fn(|context| self.line.poll_due(context)).await;
        }
    }

    /// Lets everything that is to be sent be written to that socket as it comes. What it does not take is left to
    /// [`poll_backlog`](Self::poll_backlog).
    pub fn write_to(&self, sink: Arc<dyn Sink>) {
        self.line.write_to(sink);
    }

    /// Sends bytes of the socket's own, in their turn; the caller bounds how many.
    pub fn send(&self, bytes: Bytes) {
        self.line.send(bytes);
    }

    /// Waits until there may be something that the caller has to write: all that there is, without a [`Sink`], and what the
    /// sink does not take. Then take and write until nothing is left. One task may wait.
    pub fn poll_backlog(&self, context: &mut Context<'_>) -> Poll<()> {
        self.line.poll_due(context)
    }

    /// Takes what the caller has to write, in that order. Where that is nothing, the sink has what comes after.
    pub fn take_backlog(&self) -> Vec<Bytes> {
        let mut parts = Vec::new();
        self.services.hub.count(self.line.take_all(&mut parts));
        parts
    }

    /// Ends it before it is dropped, so that nothing more is sent; the bytes that a [`Sink`] has begun to send, and did not
    /// take.
    pub fn end(&mut self) -> Vec<Bytes> {
        let (watching, rest) = self.line.close();
        for watching in watching {
            self.services.hub.unwatch(&watching);
        }
        rest
    }

    /// Whether the browser was sent anything that it watches since this was asked last.
    pub fn take_told(&self) -> bool {
        self.line.take_told()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.end();
        let line: Arc<dyn End> = self.line.clone();
        self.services.presence.leave(self.viewer.person, &line);
    }
}
