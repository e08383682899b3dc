//! One session: its socket's task, and the numbers that others read from it.

use super::dialect::{Dialect, REGIONS, Told};
use super::journal::Journal;
use super::wire::Wire;
use crate::cluster::origin;
use anyhow::bail;
use futures::FutureExt;
use protocol::Step;
use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::ops::Range;
use std::rc::Rc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::sleep;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::header::{COOKIE, ORIGIN};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

/// The time between two reads of a lazy session, as shares of its pause: random, so that they do not all wake at once.
const LAZY_SPREAD: Range<f64> = 0.7..1.3;
/// The read buffer of a socket: the default, 128 KiB, would take 1.3 GB for ten thousand.
const READ_BUFFER_BYTES: usize = 4096;

/// A socket for whoever reads and writes more than sessions do.
pub type Socket = WebSocketStream<TcpStream>;

/// How a session behaves.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manner {
    /// What its server speaks.
    pub dialect: Dialect,
    /// Whether all of its clicks are +1, so that the sum of clicks tells which of them it includes.
    pub only_up: bool,
}

/// One session on its socket.
///
/// All sessions live on one thread, hence the cells. Nothing stays borrowed across an `await`.
#[derive(Debug, Default)]
pub struct Session {
    /// The index of the server that it is connected to.
    pub server: usize,
    manner: Manner,
    /// World frames received.
    pub frames: Cell<u64>,
    /// The newest world's revision.
    pub rev: Cell<u64>,
    /// The newest clicks of each of [`REGIONS`].
    pub shown: Cell<[i64; REGIONS.len()]>,
    /// The number of acknowledged clicks.
    pub acknowledged: Cell<u64>,
    /// The revision that includes the newest of them.
    pub acknowledged_rev: Cell<u64>,
    /// Clicks to send in all.
    requested: Cell<u64>,
    /// Clicks sent so far.
    sent: Cell<u64>,
    /// Clicks to keep outstanding; 0 if each click is requested.
    window: Cell<u64>,
    /// If not zero, it reads only this often, to leave the load's core to the sessions that measure.
    pub pause: Cell<Duration>,
    pub journal: RefCell<Journal>,
    /// Why the session ended, if it has.
    pub ended: RefCell<Option<String>>,
    /// Wakes the task when clicks are requested.
    wake: Notify,
}

impl Session {
    /// Opens a session and waits for its first world frame; its task then needs [`Session::run`].
    pub(super) async fn open(
        server: usize,
        address: SocketAddr,
        manner: Manner,
    ) -> anyhow::Result<(Rc<Self>, Wire)> {
        let mut wire = Wire::connect(address, manner.dialect.path()).await?;
        wire.feed(&manner.dialect.hello()?)?;
        let session = Self {
            server,
            manner,
            ..Self::default()
        };
        while session.frames.get() == 0 {
            wire.flush().await?;
            session.receive(&mut wire).await?;
        }
        Ok((Rc::new(session), wire))
    }

    /// Sends and receives until the socket ends.
    pub(super) async fn run(self: Rc<Self>, mut wire: Wire) {
        let Err(error) = self.converse(&mut wire).await;
        self.ended.replace(Some(error.to_string()));
    }

    pub fn acknowledged_sum(&self) -> i64 {
        sum_up_to(self.acknowledged.get())
    }

    /// The number of clicks that are not acknowledged yet.
    pub fn outstanding(&self) -> u64 {
        self.requested.get() - self.acknowledged.get()
    }

    pub fn click(&self) {
        self.requested.update(|clicks| clicks + 1);
        self.wake.notify_one();
    }

    /// Keeps this many clicks outstanding from now on; 0 stops.
    pub fn keep_clicking(&self, window: u64) {
        self.window.set(window);
        self.fill_window();
        self.wake.notify_one();
    }

    async fn converse(&self, wire: &mut Wire) -> anyhow::Result<Infallible> {
        loop {
            self.feed_clicks(wire)?;
            wire.flush().await?;
            let pause = self.pause.get();
            if !pause.is_zero() {
                sleep(pause.mul_f64(rand::random_range(LAZY_SPREAD))).await;
                while let Some(received) = self.receive(wire).now_or_never() {
                    received?;
                }
                continue;
            }
            tokio::select! {
                received = self.receive(wire) => received?,
                () = self.wake.notified() => {}
            }
        }
    }

    /// Feeds the requested clicks: they leave in as few packets as possible.
    fn feed_clicks(&self, wire: &mut Wire) -> anyhow::Result<()> {
        let mut text = String::new();
        for seq in self.sent.get() + 1..=self.requested.get() {
            self.journal.borrow_mut().record_click(seq);
            let Manner { dialect, only_up } = self.manner;
            let by = if only_up { Step::Up } else { step(seq) };
            dialect.click(seq, by, &mut text)?;
            wire.feed(&text)?;
            self.sent.set(seq);
        }
        Ok(())
    }

    /// Waits for frames, and takes all that are there.
    async fn receive(&self, wire: &mut Wire) -> anyhow::Result<()> {
        let mut answer = None;
        wire.read(|text| {
            match self.manner.dialect.read(text)? {
                Told::World(shown) => {
                    self.frames.update(|frames| frames + 1);
                    self.rev.set(shown.rev);
                    let mut clicks = self.shown.get();
                    for (known, new) in clicks.iter_mut().zip(shown.clicks) {
                        *known = new.unwrap_or(*known);
                    }
                    self.shown.set(clicks);
                    let mut journal = self.journal.borrow_mut();
                    journal.record_frame(shown.rev, clicks, text);
                }
                Told::Acknowledged { seq, rev } => {
                    self.acknowledged.set(seq);
                    self.acknowledged_rev.set(rev);
                    self.journal.borrow_mut().acknowledge(seq, rev);
                    self.fill_window();
                }
                Told::Asked(reply) => answer = Some(reply),
                Told::Refused(frame) => bail!("the server sent {frame}"),
                Told::Other => {}
            }
            Ok(())
        })
        .await?;
        answer.map_or(Ok(()), |answer| wire.feed(answer))
    }

    fn fill_window(&self) {
        let wanted = self.acknowledged.get() + self.window.get();
        self.requested.set(self.requested.get().max(wanted));
    }
}

/// Connects to `/live`, with a cookie if given.
pub async fn connect(address: SocketAddr, cookie: Option<&str>) -> anyhow::Result<Socket> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    // Closing by reset frees the port at once: runs follow each other faster than TIME_WAIT ends.
    stream.set_zero_linger()?;
    let mut request = format!("ws://{address}/live").into_client_request()?;
    let headers = request.headers_mut();
    headers.insert(ORIGIN, origin(address).parse()?);
    if let Some(cookie) = cookie {
        headers.insert(COOKIE, cookie.parse()?);
    }
    let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER_BYTES);
    let (socket, _) = client_async_with_config(request, stream, Some(config)).await?;
    Ok(socket)
}

/// What a session's click of this number adds: every fourth is −1.
pub fn step(seq: u64) -> Step {
    if seq.is_multiple_of(4) {
        Step::Down
    } else {
        Step::Up
    }
}

/// The sum of a session's clicks up to this number.
fn sum_up_to(seq: u64) -> i64 {
    seq as i64 - 2 * (seq / 4) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_that_of_the_clicks() {
        let value = |seq| match step(seq) {
            Step::Up => 1,
            Step::Down => -1,
        };

        for seq in 0..100 {
            assert_eq!(sum_up_to(seq), (1..=seq).map(value).sum::<i64>());
        }
    }
}
