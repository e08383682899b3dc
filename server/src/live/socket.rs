//! A socket after its hello.

use super::frames::{End, SEND_TIMEOUT, encode, internal, restart, send_within};
use crate::rate::{Budget, Connection};
use crate::state::AppState;
use crate::world::{too_many_clicks, too_many_waiting};
use axum::extract::ws::{Message, WebSocket};
use bytes::Bytes;
use edge::{ClickError, Outgoing, Session, WatchError};
use protocol::live::{ClientFrame, ServerFrame, close};
use protocol::{Problem, Step};
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

/// How many topics a socket may start to watch in a minute, over time and at once: a person who goes from page to page
/// watches far fewer.
pub(super) const WATCHES_PER_MINUTE: u32 = 60;
/// How often an idle socket is pinged, and at least one frame sent.
pub(super) const PING_EVERY: Duration = Duration::from_secs(4);
/// The close code for those who should reconnect, but not at once (IANA's WebSocket Close Code registry).
const TRY_AGAIN_LATER: u16 = 1013;
/// A socket that was not heard from for this long is gone; it is looked after at every ping.
const SILENCE_MAX: Duration = Duration::from_secs(10);
/// When such a socket is gone at the latest.
const GONE_AFTER: Duration = SILENCE_MAX.saturating_add(PING_EVERY);

/// One browser's socket.
pub(super) struct LiveSocket<'a> {
    pub(super) socket: &'a mut WebSocket,
    pub(super) session: Session,
    pub(super) connection: Connection,
    /// How many topics it may yet start to watch.
    pub(super) watches: Budget,
    pub(super) state: &'a AppState,
    /// Made with the first click: most sessions only watch.
    pub(super) rate: Option<Box<Budget>>,
    /// The number that the next click has; nothing before the first on this connection.
    pub(super) next: Option<u64>,
    /// Whether the click of that number was refused last.
    pub(super) refusing: bool,
    /// When anything last came from the browser.
    pub(super) heard: Instant,
    /// Whether the browser was sent a frame since the last ping was due.
    pub(super) told: bool,
}

impl LiveSocket<'_> {
    /// Goes on until the socket is to end.
    pub(super) async fn run(&mut self) -> End {
        let stopping = self.state.stopping.cancelled();
        tokio::pin!(stopping);
        let mut pings = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let outcome = tokio::select! {
                // Made once: each new one would take a lock that all sockets share.
                () = &mut stopping => Err(restart()),
                message = self.socket.recv() => {
                    self.heard = Instant::now();
                    self.hear(message).await
                }
                outgoing = self.session.next() => match outgoing {
                    Some(outgoing) => self.tell(outgoing).await,
                    None => Err(restart()),
                },
                _ = pings.tick() => {
                    self.session.decide().await;
                    self.look_after().await
                }
            };
            if let Err(end) = outcome {
                return end;
            }
        }
    }

    /// Pings a browser that is quiet, ends with one that is gone, and shows that this end lives.
    async fn look_after(&mut self) -> Result<(), End> {
        let silence = self.heard.elapsed();
        if silence >= SILENCE_MAX {
            return Err(End::Close(close::SILENT, "Nothing was heard".into()));
        }
        if silence >= PING_EVERY / 2 {
            self.send(Message::Ping(Bytes::new())).await?;
        }
        if !std::mem::take(&mut self.told) {
            self.send(encode(&ServerFrame::Beat)?).await?;
        }
        Ok(())
    }

    async fn hear(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        match message {
            Some(Ok(Message::Text(text))) => match ClientFrame::decode(&text)
                .map_err(End::malformed)?
            {
                ClientFrame::Click { seq, by } => self.click(seq, by).await,
                ClientFrame::Watch { topic, key } => self.watch(topic, key).await,
                ClientFrame::Unwatch { topic, key } => {
                    self.session.unwatch(&topic, &key);
                    Ok(())
                }
                ClientFrame::Hello { .. } => Err(End::malformed("only the first frame is a hello")),
            },
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
            Some(Ok(Message::Binary(_))) => Err(End::malformed("frames are text")),
            Some(Err(error)) => Err(End::of(error)),
            Some(Ok(Message::Close(_))) | None => Err(End::Gone),
        }
    }

    /// Watches a topic from now on. That may cost Redis a call: a socket does so now and then. What cannot be decided
    /// while Redis is away is decided at a later ping.
    async fn watch(&mut self, topic: String, key: String) -> Result<(), End> {
        if self.watches.take_one().is_err() {
            return Err(later("Too many topics in a minute"));
        }
        match self.session.watch(&topic, &key).await {
            Ok(()) | Err(WatchError::UnknownTopic | WatchError::Link(_)) => Ok(()),
            Err(error @ WatchError::BadKey(_)) => Err(End::malformed(error)),
            Err(WatchError::TooManyMisses(_)) => Err(later("Too many codes of no party")),
            Err(error) => {
                let problem = refusal(&error);
                let frame = ServerFrame::Unwatched {
                    topic,
                    key,
                    problem,
                };
                self.send(encode(&frame)?).await
            }
        }
    }

    async fn click(&mut self, seq: u64, by: Step) -> Result<(), End> {
        match self.next {
            Some(next) if seq > next && self.refusing => return Ok(()),
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
        if rate.take_one().is_err() || self.connection.address().clicks.take_one().is_err() {
            return self.refuse(seq, too_many_clicks().into_problem()).await;
        }
        match self.session.click(seq, by) {
            Ok(()) => {
                (self.next, self.refusing) = (seq.checked_add(1), false);
                Ok(())
            }
            Err(ClickError::OutOfOrder) => Err(End::malformed(ClickError::OutOfOrder)),
            Err(_) => self.refuse(seq, too_many_waiting().into_problem()).await,
        }
    }

    /// Refuses a click and all that were sent after it, until the browser, which has heard that, begins
    /// again with its number: a later click must never be counted before an earlier one is settled.
    async fn refuse(&mut self, seq: u64, problem: Problem) -> Result<(), End> {
        (self.next, self.refusing) = (Some(seq), true);
        self.send(encode(&ServerFrame::Refused { seq, problem })?)
            .await
    }

    async fn tell(&mut self, outgoing: Outgoing) -> Result<(), End> {
        let message = match outgoing {
            Outgoing::Frame(json) => Message::Text(json.try_into().map_err(|_| internal())?),
            Outgoing::Counted(receipt) => encode(&ServerFrame::Ack {
                seq: receipt.seq,
                epoch: receipt.epoch,
                rev: receipt.rev,
            })?,
        };
        self.told = true;
        self.send(message).await
    }

    /// Sends to a browser that takes it in time: one that has been silent gets less, so that a browser that
    /// is gone is so within the time that its silence may last, whatever we were doing then.
    async fn send(&mut self, message: Message) -> Result<(), End> {
        let patience = GONE_AFTER.saturating_sub(self.heard.elapsed());
        send_within(patience.min(SEND_TIMEOUT), self.socket, message).await
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
