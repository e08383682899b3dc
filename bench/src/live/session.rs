//! One session: its socket's task, and the numbers that others read from it.

use super::frames::{self, Received};
use super::journal::Journal;
use super::socket::{Socket, connect};
use anyhow::{Context, bail};
use futures::{FutureExt, SinkExt, StreamExt};
use protocol::Step;
use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::ops::Range;
use std::rc::Rc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::sleep;
use tokio_tungstenite::tungstenite::{self, Message};

/// The time between two reads of a lazy session, in milliseconds: random, so that they do not all wake at once.
const LAZY_PAUSE_MS: Range<u64> = 200..400;

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
    lazy: Cell<bool>,
    journal: RefCell<Option<Journal>>,
    /// Why the session ended.
    ended: RefCell<Option<String>>,
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

    /// The sum of the acknowledged clicks.
    pub fn acknowledged_sum(&self) -> i64 {
        sum_up_to(self.acknowledged.get())
    }

    /// The number of clicks that are not acknowledged yet.
    pub fn outstanding(&self) -> u64 {
        self.requested.get() - self.acknowledged.get()
    }

    /// Why the session ended, if it has.
    pub fn ended(&self) -> Option<String> {
        self.ended.borrow().clone()
    }

    /// Reads only now and then from now on, to leave the load's core to the sessions that measure.
    pub fn be_lazy(&self) {
        self.lazy.set(true);
    }

    /// Starts a new journal.
    pub fn start_journal(&self) {
        self.journal.borrow_mut().get_or_insert_default().clear();
    }

    /// Reads the journal; an empty one if none was started.
    pub fn journal<T>(&self, read: impl FnOnce(&Journal) -> T) -> T {
        match &*self.journal.borrow() {
            Some(journal) => read(journal),
            None => read(&Journal::default()),
        }
    }

    /// Clicks once.
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
            if self.lazy.get() {
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
            if let Some(journal) = &mut *self.journal.borrow_mut() {
                journal.record_click(seq);
            }
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
        match frames::read(&text)? {
            Received::World { rev } => {
                self.frames.update(|frames| frames + 1);
                self.rev.set(rev);
                if let Some(journal) = &mut *self.journal.borrow_mut() {
                    journal.record_frame(rev, &text);
                }
            }
            Received::Ack { seq, rev } => {
                self.acknowledged.set(seq);
                self.acknowledged_rev.set(rev);
                if let Some(journal) = &mut *self.journal.borrow_mut() {
                    journal.acknowledge(seq, rev);
                }
                self.fill_window();
            }
            Received::Rejected => bail!("the server sent {text}"),
            Received::Other => {}
        }
        Ok(())
    }

    fn fill_window(&self) {
        let wanted = self.acknowledged.get() + self.window.get();
        self.requested.set(self.requested.get().max(wanted));
    }
}

/// What a session's click of this number adds: every fourth is −1.
fn step(seq: u64) -> Step {
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
