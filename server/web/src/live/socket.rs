//! A page's socket after its hello.

use super::decoder::{Decoder, Heard};
use super::frames::{self, End, encode, restart};
use super::handshake::close;
use super::session::LiveSession;
use super::wire::Wire;
use crate::rate::Connection;
use bytes::Bytes;
use protocol::live::{ClientFrame, ServerFrame, close as codes};
use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};
use tokio_tungstenite::tungstenite::protocol::frame::Frame;

/// How long a frame may wait for a slow browser's buffer.
pub(super) const SEND_TIMEOUT: Duration = Duration::from_secs(10);
/// How often an idle socket is pinged, and at least one frame sent.
pub(super) const PING_EVERY: Duration = Duration::from_secs(4);
/// A ping without bytes of its own (RFC 6455, section 5.5.2).
const PING: &[u8] = &[0x89, 0];
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

/// What a socket waited for.
enum Happened {
    /// So many bytes came.
    Read(usize),
    /// There may be something that the engine left to be written, or the session is over.
    Woken,
    PingIsDue,
}

/// One browser's socket.
///
/// A server has many thousands that only wait: it is small, and what is rarely needed is boxed while it is.
pub(super) struct LiveSocket {
    wire: Wire,
    decoder: Decoder,
    live: LiveSession,
    /// Counted while it is open.
    _connection: Connection,
    /// When anything last came from the browser.
    heard: Instant,
    /// The pings sent since then.
    pings: u32,
}

impl LiveSocket {
    pub(super) fn new(
        (wire, decoder): (Wire, Decoder),
        live: LiveSession,
        connection: Connection,
    ) -> Self {
        if let Some(sink) = wire.sink() {
            live.session.write_to(sink);
        }
        Self {
            wire,
            decoder,
            live,
            _connection: connection,
            heard: Instant::now(),
            pings: 0,
        }
    }

    /// Whether it is one stream of a connection that has others.
    pub(super) fn is_stream(&self) -> bool {
        self.wire.sink().is_none()
    }

    /// Goes on until the socket is to end.
    pub(super) async fn run(&mut self) -> End {
        match self.serve().await {
            Ok(()) => End::Gone,
            Err(end) => end,
        }
    }

    async fn serve(&mut self) -> Result<(), End> {
        let mut pings = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            // What came with the hello, first.
            let watch = self.hear_all()?;
            if let Some(watch) = watch {
                Box::pin(self.watch(watch)).await?;
                continue;
            }
            // One task may wait for each of these; together they need no room of their own.
            let happened = poll_fn(|context| {
                // Before anything more is heard, which may have to be answered: what is left to write stays bounded.
                if self.live.session.poll_backlog(context).is_ready() {
                    return Poll::Ready(Ok(Happened::Woken));
                }
                if let Poll::Ready(read) = self.wire.poll_read(context, &mut self.decoder) {
                    return Poll::Ready(read.map(Happened::Read).map_err(End::from));
                }
                pings.poll_tick(context).map(|_| Ok(Happened::PingIsDue))
            });
            match happened.await? {
                Happened::Read(0) => return Ok(()),
                Happened::Read(_) => (self.heard, self.pings) = (Instant::now(), 0),
                Happened::Woken if self.live.session.is_over() => return Err(self.over()),
                Happened::Woken => Box::pin(self.catch_up()).await?,
                Happened::PingIsDue => {
                    Box::pin(self.live.decide()).await;
                    self.look_after()?;
                }
            }
        }
    }

    /// Why the session is over.
    fn over(&self) -> End {
        if self.live.state.stopping.is_cancelled() {
            restart()
        } else {
            frames::forgotten()
        }
    }

    /// Closes the socket. The session tells it nothing more from now on.
    pub(super) async fn close(mut self: Box<Self>, code: u16, reason: String) {
        let rest = self.live.session.end();
        let Self { wire, decoder, .. } = *self;
        close((wire, decoder), rest, code, &reason).await;
    }

    /// Pings a browser that is quiet, ends with one that is gone, and shows that this end lives.
    fn look_after(&mut self) -> Result<(), End> {
        if self.pings >= PINGS_MAX {
            return Err(End::Close(codes::SILENT, "Nothing was heard".into()));
        }
        let mut bytes = Vec::new();
        if self.heard.elapsed() >= QUIET {
            self.pings += 1;
            bytes.extend_from_slice(PING);
        }
        if !self.live.session.take_told() {
            bytes.extend_from_slice(encode(&ServerFrame::Beat)?.frame());
        }
        if !bytes.is_empty() {
            self.live.session.send(bytes.into());
        }
        Ok(())
    }

    /// Does what came and may be done at once, up to a frame that may take its time, and room.
    fn hear_all(&mut self) -> Result<Option<ClientFrame>, End> {
        while let Some(heard) = self.decoder.next()? {
            match heard {
                Heard::Frame(frame @ ClientFrame::Watch { .. }) => return Ok(Some(frame)),
                Heard::Frame(frame) => {
                    let answer = self.live.hear_now(frame)?;
                    self.answer(answer)?;
                }
                Heard::Ping(bytes) => self.live.session.send(pong(bytes)),
                Heard::Pong => {}
                Heard::Close => return Err(End::Gone),
            }
        }
        Ok(None)
    }

    async fn watch(&mut self, frame: ClientFrame) -> Result<(), End> {
        let answer = self.live.hear(frame).await?;
        self.answer(answer)
    }

    fn answer(&self, answer: Option<ServerFrame>) -> Result<(), End> {
        if let Some(answer) = answer {
            self.live.session.send(encode(&answer)?.into_frame());
        }
        Ok(())
    }

    /// Writes what is left to this task, to a browser that takes it in time: one that has been silent gets less, so that
    /// a browser that is gone is so within about the time that its silence may last, whatever we were doing then.
    async fn catch_up(&mut self) -> Result<(), End> {
        loop {
            let parts = self.live.session.take_backlog();
            if parts.is_empty() {
                return Ok(());
            }
            let left = GONE_AFTER.saturating_sub(self.heard.elapsed());
            let patience = left.clamp(PING_EVERY, SEND_TIMEOUT);
            write_within(patience, &mut self.wire, &parts).await?;
        }
    }
}

/// The answer to a ping.
pub(super) fn pong(bytes: Bytes) -> Bytes {
    let mut pong = Vec::new();
    // A vector takes all.
    let _written = Frame::pong(bytes).format(&mut pong);
    pong.into()
}

/// Writes to a browser that takes it in time.
pub(super) async fn write_within(
    patience: Duration,
    wire: &mut Wire,
    parts: &[Bytes],
) -> Result<(), End> {
    match timeout(patience, wire.write(parts)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(End::Gone),
    }
}
