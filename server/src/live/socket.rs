//! A page's socket after its hello.

use super::frames::{self, End, SEND_TIMEOUT, encode, restart, send_within};
use super::session::LiveSession;
use crate::rate::Connection;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use bytes::Bytes;
use protocol::live::{ClientFrame, ServerFrame, close};
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

/// How often an idle socket is pinged, and at least one frame sent.
pub(super) const PING_EVERY: Duration = Duration::from_secs(4);
/// A browser that has left this many pings unanswered, the last for as long as it is until the next, is gone.
///
/// Pings count, rather than the time: a server that stood still has sent none.
const PINGS_MAX: u32 = 2;
/// How long a browser is quiet before it is pinged.
const QUIET: Duration = Duration::from_secs(2);
/// When a browser is gone at the latest: it was heard just after a ping was due, and not quiet for long at the next.
const GONE_AFTER: Duration = PING_EVERY
    .saturating_mul(PINGS_MAX + 1)
    .saturating_add(QUIET);

/// One browser's socket.
pub(super) struct LiveSocket<'a> {
    socket: &'a mut WebSocket,
    live: LiveSession<'a>,
    /// Counted while it is open.
    _connection: Connection,
    /// When anything last came from the browser.
    heard: Instant,
    /// The pings sent since then.
    pings: u32,
    /// Whether the browser was sent a frame since the last ping was due.
    told: bool,
}

impl<'a> LiveSocket<'a> {
    pub(super) fn new(
        socket: &'a mut WebSocket,
        live: LiveSession<'a>,
        connection: Connection,
    ) -> Self {
        Self {
            socket,
            live,
            _connection: connection,
            heard: Instant::now(),
            pings: 0,
            told: false,
        }
    }

    /// Goes on until the socket is to end.
    pub(super) async fn run(&mut self) -> End {
        let stopping = self.live.state.stopping.cancelled();
        let forgotten = self.live.ended();
        tokio::pin!(stopping, forgotten);
        let mut pings = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let outcome = tokio::select! {
                // Made once: each new one would take a lock that all sockets share.
                () = &mut stopping => Err(restart()),
                () = &mut forgotten => Err(frames::forgotten()),
                message = self.socket.recv() => {
                    (self.heard, self.pings) = (Instant::now(), 0);
                    self.hear(message).await
                }
                outgoing = self.live.next() => match outgoing {
                    Ok(json) => self.tell(json).await,
                    Err(end) => Err(end),
                },
                _ = pings.tick() => {
                    self.live.decide().await;
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
        if self.pings >= PINGS_MAX {
            return Err(End::Close(close::SILENT, "Nothing was heard".into()));
        }
        if self.heard.elapsed() >= QUIET {
            self.pings += 1;
            self.send(Message::Ping(Bytes::new())).await?;
        }
        if !std::mem::take(&mut self.told) {
            self.send(Message::Text(encode(&ServerFrame::Beat)?))
                .await?;
        }
        Ok(())
    }

    async fn hear(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        match message {
            Some(Ok(Message::Text(text))) => {
                let frame = ClientFrame::decode(&text).map_err(End::malformed)?;
                match self.live.hear(frame).await? {
                    Some(answer) => self.send(Message::Text(encode(&answer)?)).await,
                    None => Ok(()),
                }
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
            Some(Ok(Message::Binary(_))) => Err(End::malformed("frames are text")),
            Some(Err(error)) => Err(End::of(error)),
            Some(Ok(Message::Close(_))) | None => Err(End::Gone),
        }
    }

    async fn tell(&mut self, json: Utf8Bytes) -> Result<(), End> {
        self.told = true;
        self.send(Message::Text(json)).await
    }

    /// Sends to a browser that takes it in time: one that has been silent gets less, so that a browser that
    /// is gone is so within about the time that its silence may last, whatever we were doing then.
    async fn send(&mut self, message: Message) -> Result<(), End> {
        let left = GONE_AFTER.saturating_sub(self.heard.elapsed());
        let patience = left.clamp(PING_EVERY, SEND_TIMEOUT);
        send_within(patience, self.socket, message).await
    }
}
