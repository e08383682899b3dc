//! What a page's frames do, by whatever way they come.

use super::changes::Changes;
use super::frames::{End, encode};
use crate::rate::{Address, Budget, memory};
use crate::state::AppState;
use crate::world::{too_many_clicks, too_many_waiting};
use bytes::Bytes;
use edge::{ClickError, Outgoing, PersonId, Session, WatchError};
use protocol::live::{ClientFrame, ServerFrame};
use protocol::{Problem, SessionId, Step};
use std::sync::Arc;

/// How many topics a page may start to watch in a minute, over time and at once: a person who goes from page to page
/// watches far fewer.
const WATCHES_PER_MINUTE: u32 = 60;
/// The close code for those who should reconnect, but not at once (IANA's WebSocket Close Code registry).
const TRY_AGAIN_LATER: u16 = 1013;

/// A page's session, with its rate limits.
pub(super) struct LiveSession {
    pub(super) session: Session,
    pub(super) address: Arc<Address>,
    /// How many topics it may yet start to watch; made with the first.
    watches: Option<Box<Budget>>,
    pub(super) state: AppState,
    /// Whether what its clicks leave behind is counted.
    is_counted: bool,
    /// Made with the first click: most sessions only watch.
    rate: Option<Box<Budget>>,
    /// The number that the next click has; nothing before the first on this connection.
    next: Option<u64>,
    /// Whether the click of that number was refused last.
    refusing: bool,
    /// Made with the first change.
    pub(super) changes: Option<Box<Changes>>,
}

impl LiveSession {
    /// Opens a person's session.
    pub(super) fn open(
        state: &AppState,
        id: &SessionId,
        person: PersonId,
        address: Arc<Address>,
    ) -> Self {
        let session = state.engine.session(id, person);
        Self {
            session: session.with_miss_limit(address.clone()),
            address,
            watches: None,
            state: state.clone(),
            is_counted: false,
            rate: None,
            next: None,
            refusing: false,
            changes: None,
        }
    }

    /// Takes a frame after the hello; what to answer at once.
    pub(super) async fn hear(&mut self, frame: ClientFrame) -> Result<Option<ServerFrame>, End> {
        match frame {
            ClientFrame::Watch { topic, key } => self.watch(topic, key).await,
            frame => self.hear_now(frame),
        }
    }

    /// Takes any other frame than one that starts to watch.
    pub(super) fn hear_now(&mut self, frame: ClientFrame) -> Result<Option<ServerFrame>, End> {
        match frame {
            ClientFrame::Click { seq, by } => self.click(seq, by),
            ClientFrame::Change {
                topic,
                key,
                seq,
                change,
            } => self.change((topic, key), seq, &change),
            ClientFrame::Unwatch { topic, key } => {
                self.session.unwatch(&topic, &key);
                Ok(None)
            }
            ClientFrame::Hello { .. } | ClientFrame::Watch { .. } => {
                Err(End::malformed("only the first frame is a hello"))
            }
        }
    }

    /// Waits for the next frame to send; as JSON.
    ///
    /// Safe to cancel.
    pub(super) async fn next(&mut self) -> Result<Bytes, End> {
        match self.session.next().await {
            Outgoing::Frame(json) => Ok(json),
            Outgoing::Counted(receipt) => {
                let message = encode(&ServerFrame::Ack {
                    seq: receipt.seq,
                    epoch: receipt.epoch,
                    rev: receipt.rev,
                })?;
                Ok(message.payload())
            }
        }
    }

    /// Tries again to watch what could not be decided.
    pub(super) async fn decide(&mut self) {
        self.session.decide().await;
    }

    /// The session alone.
    pub(super) fn into_session(self) -> Session {
        self.session
    }

    /// Watches a topic from now on. That may cost Redis a call: a socket does so now and then. What cannot be decided
    /// while Redis is away is decided at a later ping.
    async fn watch(&mut self, topic: String, key: String) -> Result<Option<ServerFrame>, End> {
        let watches = self
            .watches
            .get_or_insert_with(|| Box::new(Budget::per_minute(WATCHES_PER_MINUTE)));
        if watches.take_one().is_err() {
            return Err(later("Too many topics in a minute"));
        }
        match self.session.watch(&topic, &key).await {
            Ok(()) | Err(WatchError::UnknownTopic | WatchError::Link(_)) => Ok(None),
            Err(error @ WatchError::BadKey(_)) => Err(End::malformed(error)),
            Err(WatchError::TooManyMisses(_)) => Err(later("Too many codes of no party")),
            Err(error) => {
                let problem = refusal(&error);
                Ok(Some(ServerFrame::Unwatched {
                    topic,
                    key,
                    problem,
                }))
            }
        }
    }

    fn click(&mut self, seq: u64, by: Step) -> Result<Option<ServerFrame>, End> {
        match self.next {
            Some(next) if seq > next && self.refusing => return Ok(None),
            Some(next) if seq != next => return Err(End::malformed("click numbers rise by one")),
            _ => {}
        }
        let rates = &self.state.config.rates;
        let rate = self.rate.get_or_insert_with(|| {
            Box::new(Budget::per_second(
                rates.session_clicks,
                rates.session_clicks_at_once,
            ))
        });
        if rate.take_one().is_err() || self.address.clicks.take_one().is_err() {
            return Ok(Some(self.refuse(seq, too_many_clicks().into_problem())));
        }
        // Pages without a socket come anew with each click.
        let is_new = !self.is_counted && !self.session.has_clicked();
        if is_new && let Err(error) = memory::leave(&self.state, &self.address, memory::SESSION) {
            return Ok(Some(self.refuse(seq, error.into_problem())));
        }
        self.is_counted = true;
        match self.session.click(seq, by) {
            Ok(()) => {
                (self.next, self.refusing) = (seq.checked_add(1), false);
                Ok(None)
            }
            Err(ClickError::OutOfOrder) => Err(End::malformed(ClickError::OutOfOrder)),
            Err(_) => Ok(Some(self.refuse(seq, too_many_waiting().into_problem()))),
        }
    }

    /// Refuses a click and all that were sent after it, until the browser, which has heard that, begins
    /// again with its number: a later click must never be counted before an earlier one is settled.
    fn refuse(&mut self, seq: u64, problem: Problem) -> ServerFrame {
        (self.next, self.refusing) = (Some(seq), true);
        ServerFrame::Refused { seq, problem }
    }
}

/// Asks the browser to come back, but not at once.
fn later(reason: &str) -> End {
    End::Close(TRY_AGAIN_LATER, reason.into())
}

/// Why a topic is not watched, as the page is told.
fn refusal(error: &WatchError) -> Problem {
    match error {
        WatchError::TooMany(limit) => Problem::new(
            429,
            "too-many-topics",
            "This page watches too many things at once",
        )
        .with_detail(format!(
            "A page may watch {limit}. Close something, then reload."
        )),
        _ => Problem::new(403, "not-yours", "Only the owner may watch this")
            .with_detail("Reload the page: somebody else may have signed in."),
    }
}
