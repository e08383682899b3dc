//! A session that clicks as a browser's does: it resumes elsewhere, and sends again what was not acknowledged.

use super::load::Shared;
use super::promise::{Promise, Sight};
use crate::live::frames::{self, Received};
use crate::live::{Socket, connect, step};
use anyhow::{Context, bail, ensure};
use futures::{SinkExt, StreamExt};
use protocol::SessionId;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, VecDeque};
use std::convert::Infallible;
use std::ops::Range;
use std::rc::Rc;
use std::time::Duration;
use tokio::sync::RwLockReadGuard;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_tungstenite::tungstenite::Message;

/// The pause between two clicks, in milliseconds.
const PAUSE_MS: Range<u64> = 20..120;
/// The pause before the next instance is tried, in milliseconds.
const RETRY_MS: Range<u64> = 20..100;
/// How long a connection may take to open.
const OPEN: Duration = Duration::from_secs(2);
/// How long a click may go without an answer before the session connects anew, as a page does.
const UNANSWERED: Duration = Duration::from_secs(6);
/// The most clicks that wait: as a page holds them.
const WAITING_MAX: usize = 1000;

/// A click that is not acknowledged yet.
#[derive(Debug)]
struct Sent {
    seq: u64,
    /// When it was sent for the first time.
    at: Instant,
    /// The instances to which it was sent.
    tried: BTreeSet<usize>,
}

/// One session.
#[derive(Debug)]
pub struct Clicker {
    shared: Rc<Shared>,
    session: SessionId,
    /// The instance it is at, or tries next.
    instance: Cell<usize>,
    /// The number of its newest click.
    newest: Cell<u64>,
    waiting: RefCell<VecDeque<Sent>>,
    /// Whether a server has welcomed it, and it is still there.
    pub is_open: Cell<bool>,
    /// How many connections servers have ended.
    pub closed: Cell<u64>,
    /// When the newest acknowledged click was first sent.
    pub acknowledged: Cell<Option<Instant>>,
}

impl Clicker {
    /// One that tries that instance first.
    pub fn new(shared: &Rc<Shared>, home: usize) -> anyhow::Result<Rc<Self>> {
        Ok(Rc::new(Self {
            shared: Rc::clone(shared),
            session: frames::random_session()?,
            instance: Cell::new(home),
            newest: Cell::new(0),
            waiting: RefCell::default(),
            is_open: Cell::new(false),
            closed: Cell::new(0),
            acknowledged: Cell::new(None),
        }))
    }

    /// Clicks until it is dropped, at one instance after the other.
    pub async fn run(self: Rc<Self>) -> anyhow::Result<()> {
        let shared = Rc::clone(&self.shared);
        let mut busy = None;
        loop {
            let door = shared.doors[self.instance.get()];
            if let Ok(Ok(mut socket)) = timeout(OPEN, connect(door, None)).await {
                let Err(_reason) = self.converse(&mut socket, &shared, &mut busy).await;
                self.is_open.set(false);
            }
            self.instance
                .set((self.instance.get() + 1) % shared.doors.len());
            sleep(Duration::from_millis(rand::random_range(RETRY_MS))).await;
        }
    }

    /// Sends and receives until the connection ends. `busy` is held while a click waits.
    async fn converse<'a>(
        &self,
        socket: &mut Socket,
        shared: &'a Shared,
        busy: &mut Option<RwLockReadGuard<'a, ()>>,
    ) -> anyhow::Result<Infallible> {
        socket.send(frames::hello_again(&self.session)?).await?;
        let mut sight = Sight::default();
        let connected = Instant::now();
        let mut next = connected;
        loop {
            tokio::select! {
                message = socket.next() => {
                    let message = message.and_then(Result::ok);
                    let Some(Message::Text(text)) = message else {
                        if matches!(message, None | Some(Message::Close(_))) {
                            self.closed.update(|closed| closed + 1);
                            bail!("the server closed the socket");
                        }
                        continue;
                    };
                    if self.receive(&text, &mut sight)? {
                        self.send_again(socket).await?;
                    }
                }
                () = sleep_until(next) => {
                    next += Duration::from_millis(rand::random_range(PAUSE_MS));
                    if self.is_open.get() && may_click(shared, busy) {
                        self.click(socket).await?;
                    }
                }
            }
            let oldest = self.waiting.borrow().front().map(|sent| sent.at);
            if oldest.is_none() {
                *busy = None;
            }
            let asked = oldest.or((!self.is_open.get()).then_some(connected));
            let is_late = asked.is_some_and(|at| at.max(connected).elapsed() > UNANSWERED);
            ensure!(!is_late, "no answer");
        }
    }

    /// Takes a frame; true for the welcome.
    fn receive(&self, text: &str, sight: &mut Sight) -> anyhow::Result<bool> {
        let frame: Received<'_> = serde_json::from_str(text)?;
        match (frame.kind, frame.topic) {
            ("welcome", _) => {
                self.is_open.set(true);
                return Ok(true);
            }
            ("state", "world") => {
                self.shared
                    .report(sight.see(frame.state.epoch, frame.state.rev));
            }
            ("ack", _) => self.acknowledge(frame.seq),
            // It and all after it do not count, and the next has its number again.
            ("refused", _) => {
                self.waiting
                    .borrow_mut()
                    .retain(|sent| sent.seq < frame.seq);
                self.newest.set(frame.seq.saturating_sub(1));
            }
            ("reload", _) => bail!("the server sent {text}"),
            _ => {}
        }
        Ok(false)
    }

    fn acknowledge(&self, up_to: u64) {
        if up_to > self.newest.get() {
            let how = format!("click {up_to} was acknowledged before it was sent");
            self.shared.report([Promise::ClickOnce.broken(how)]);
        }
        let mut waiting = self.waiting.borrow_mut();
        while let Some(sent) = waiting.pop_front_if(|sent| sent.seq <= up_to) {
            let mut ledger = self.shared.ledger.borrow_mut();
            ledger.acknowledge(step(sent.seq), &sent.tried);
            self.acknowledged.set(Some(sent.at));
        }
    }

    async fn click(&self, socket: &mut Socket) -> anyhow::Result<()> {
        if self.waiting.borrow().len() >= WAITING_MAX {
            return Ok(());
        }
        let seq = self.newest.get() + 1;
        self.newest.set(seq);
        self.waiting.borrow_mut().push_back(Sent {
            seq,
            at: Instant::now(),
            tried: [self.instance.get()].into(),
        });
        let click = frames::click(seq, step(seq))?;
        socket.send(click).await.context("the socket is closed")
    }

    /// Sends again what was not acknowledged, in order, under the same numbers.
    async fn send_again(&self, socket: &mut Socket) -> anyhow::Result<()> {
        let mut clicks = Vec::new();
        for sent in &mut *self.waiting.borrow_mut() {
            sent.tried.insert(self.instance.get());
            clicks.push(frames::click(sent.seq, step(sent.seq))?);
        }
        for click in clicks {
            socket.feed(click).await?;
        }
        Ok(socket.flush().await?)
    }
}

/// Whether the load is not asked to rest; it cannot from then on until `busy` is given back.
fn may_click<'a>(shared: &'a Shared, busy: &mut Option<RwLockReadGuard<'a, ()>>) -> bool {
    match shared.rest.try_read() {
        Ok(guard) => {
            busy.get_or_insert(guard);
            true
        }
        Err(_) => false,
    }
}
