//! One session: its socket's task, and the numbers that others read from it.

use super::frames::{self, Received};
use super::journal::Journal;
use crate::cluster::origin;
use anyhow::{Context, bail};
use futures::{FutureExt, SinkExt, StreamExt};
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
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

/// The time between two reads of a lazy session, in milliseconds: random, so that they do not all wake at once.
const LAZY_PAUSE_MS: Range<u64> = 200..400;
/// The read buffer of a session: the default, 128 KiB, would take 1.3 GB for ten thousand.
const READ_BUFFER_BYTES: usize = 4096;

pub type Socket = WebSocketStream<TcpStream>;

/// One session on its socket.
///
/// All sessions live on one thread, hence the cells. Nothing stays borrowed across an `await`.
#[derive(Debug, Default)]
pub struct Session {
    /// The index of the server that it is connected to.
    pub server: usize,
    /// World frames received.
    pub frames: Cell<u64>,
    /// The newest world's revision.
    pub rev: Cell<u64>,
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
    /// Whether it reads only now and then, to leave the load's core to the sessions that measure.
    pub is_lazy: Cell<bool>,
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
    ) -> anyhow::Result<(Rc<Self>, Socket)> {
        let mut socket = connect(address, None).await?;
        socket.send(frames::hello()?).await?;
        let session = Self {
            server,
            ..Self::default()
        };
        while session.frames.get() == 0 {
            session.receive(socket.next().await)?;
        }
        Ok((Rc::new(session), socket))
    }

    /// Sends and receives until the socket ends.
    pub(super) async fn run(self: Rc<Self>, mut socket: Socket) {
        let Err(error) = self.converse(&mut socket).await;
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

    async fn converse(&self, socket: &mut Socket) -> anyhow::Result<Infallible> {
        loop {
            self.send_clicks(socket).await?;
            if self.is_lazy.get() {
                sleep(Duration::from_millis(rand::random_range(LAZY_PAUSE_MS))).await;
                while let Some(message) = socket.next().now_or_never() {
                    self.receive(message)?;
                }
                continue;
            }
            tokio::select! {
                message = socket.next() => self.receive(message)?,
                () = self.wake.notified() => {}
            }
        }
    }

    /// Sends the requested clicks in as few packets as possible.
    async fn send_clicks(&self, socket: &mut Socket) -> anyhow::Result<()> {
        if self.sent.get() == self.requested.get() {
            return Ok(());
        }
        for seq in self.sent.get() + 1..=self.requested.get() {
            self.journal.borrow_mut().record_click(seq);
            socket.feed(frames::click(seq, step(seq))?).await?;
            self.sent.set(seq);
        }
        Ok(socket.flush().await?)
    }

    fn receive(&self, message: Option<tungstenite::Result<Message>>) -> anyhow::Result<()> {
        let text = match message.context("the server closed the socket")?? {
            Message::Text(text) => text,
            Message::Close(close) => bail!("the server closed the session: {close:?}"),
            _ => return Ok(()),
        };
        let received: Received<'_> = serde_json::from_str(&text)?;
        match (received.kind, received.topic) {
            ("state", "world") => {
                self.frames.update(|frames| frames + 1);
                self.rev.set(received.state.rev);
                let mut journal = self.journal.borrow_mut();
                journal.record_frame(received.state.rev, &text);
            }
            ("ack", _) => {
                self.acknowledged.set(received.seq);
                self.acknowledged_rev.set(received.rev);
                let mut journal = self.journal.borrow_mut();
                journal.acknowledge(received.seq, received.rev);
                self.fill_window();
            }
            ("refused" | "reload", _) => bail!("the server sent {text}"),
            _ => {}
        }
        Ok(())
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
