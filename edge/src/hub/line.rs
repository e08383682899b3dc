//! A session's line to its browser: what is due on it, and who sends that.

use super::broadcast::{Next, Subscription};
use super::message::Message;
use super::queue::Queue;
use super::watches::Subject;
use crate::counter::{Account, Receipt};
use crate::sync::lock;
use bytes::{Buf, Bytes};
use protocol::live::ServerFrame;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::Wake;
use tokio::sync::Notify;

/// A socket that takes bytes without waiting.
pub trait Sink: Send + Sync {
    /// Writes as much of these as the peer takes at once, in this order; how many bytes that is.
    ///
    /// # Errors
    /// [`io::ErrorKind::WouldBlock`] where it takes none now; others where the connection is broken.
    fn try_write(&self, parts: &[Bytes]) -> io::Result<usize>;
}

/// What a session is to send to its browser next.
#[derive(Clone, Debug, PartialEq)]
pub enum Outgoing {
    /// Its clicks up to the receipt's number are counted.
    Counted(Receipt),
    /// A [`ServerFrame::State`] or [`ServerFrame::Unwatched`], encoded as UTF-8 JSON, shared with all sessions that get it.
    Frame(Bytes),
}

/// A session's way to its browser.
///
/// Whatever is to be told marks it as due. With a sink that takes all it is given, the hub's next pass writes what is due
/// then. Otherwise its owner is woken, and takes what is due.
pub(super) struct Line {
    state: Mutex<State>,
    /// Wakes the owner.
    due: Notify,
    queue: Arc<Queue>,
}

#[derive(Default)]
struct State {
    watching: Vec<Watching>,
    /// Which of them is asked first.
    turn: usize,
    /// Of a session that clicks.
    clicks: Option<Clicks>,
    sink: Option<Arc<dyn Sink>>,
    /// What the sink did not take.
    rest: Vec<Bytes>,
    /// Whether the owner writes, although there is a sink: until it has found nothing more to write.
    is_behind: bool,
    /// Whether whoever sends knows that something is due.
    is_due: bool,
    /// Whether a frame was sent since somebody asked.
    is_told: bool,
}

/// A key that the session watches.
pub(super) struct Watching {
    pub(super) frames: Subscription,
    /// Its place among the watchers.
    pub(super) place: usize,
}

/// A clicking session's account.
struct Clicks {
    account: Arc<Account>,
    /// The newest number that was acknowledged.
    acknowledged: u64,
}

impl Line {
    pub(super) fn new(queue: Arc<Queue>) -> Self {
        Self {
            state: Mutex::default(),
            due: Notify::new(),
            queue,
        }
    }

    /// Says that something may be due.
    pub(super) fn mark_due(self: &Arc<Self>) {
        let mut state = self.state();
        if std::mem::replace(&mut state.is_due, true) {
            return;
        }
        match state.sink {
            Some(_) if !state.is_behind => self.queue.push(self.clone()),
            _ => self.due.notify_one(),
        }
    }

    /// Waits until something may be due that the owner is to send.
    pub(super) async fn due(&self) {
        self.due.notified().await;
    }

    /// Lets the sink have what is due from now on.
    pub(super) fn write_to(self: &Arc<Self>, sink: Arc<dyn Sink>) {
        let mut state = self.state();
        state.sink = Some(sink);
        state.is_due = false;
        drop(state);
        self.mark_due();
    }

    /// Writes what is due; how many frames of topics that was. `parts` is room for the work, empty before and after.
    pub(super) fn flush(&self, parts: &mut Vec<Bytes>) -> u64 {
        let mut state = self.state();
        if state.owner_sends() {
            self.due.notify_one();
            return 0;
        }
        let frames = state.take_all(parts);
        self.write(state, parts);
        frames
    }

    /// Sends something else: at once, or once the browser takes it.
    pub(super) fn send(&self, part: Bytes) {
        let mut state = self.state();
        if state.owner_sends() {
            state.rest.push(part);
            self.due.notify_one();
        } else {
            self.write(state, &mut vec![part]);
        }
    }

    fn write(&self, mut state: MutexGuard<'_, State>, parts: &mut Vec<Bytes>) {
        let (Some(sink), false) = (&state.sink, parts.is_empty()) else {
            return;
        };
        // Whatever broke, the owner learns when it writes the rest.
        let written = sink.try_write(parts).unwrap_or(0);
        drop_written(parts, written);
        if !parts.is_empty() {
            state.rest.append(parts);
            state.is_behind = true;
            self.due.notify_one();
        }
    }

    /// Takes all that the owner is to write; how many frames of topics that was. Nothing more where `parts` stays empty: the
    /// sink, where there is one, has what is due after that.
    pub(super) fn take_all(&self, parts: &mut Vec<Bytes>) -> u64 {
        let mut state = self.state();
        parts.append(&mut state.rest);
        let frames = state.take_all(parts);
        state.is_behind &= !parts.is_empty();
        frames
    }

    /// Takes the next thing that is due. Of all that is watched nothing keeps the rest waiting.
    pub(super) fn take_one(&self) -> Option<Outgoing> {
        let mut state = self.state();
        state.is_due = false;
        let receipt = state.take_receipt().map(Outgoing::Counted);
        receipt.or_else(|| {
            let frame = state.take_frame();
            frame.map(|message| Outgoing::Frame(message.payload()))
        })
    }

    /// Whether anything of the topics was sent since this was asked last.
    pub(super) fn take_told(&self) -> bool {
        std::mem::take(&mut self.state().is_told)
    }

    /// Follows a key; what it had of that key before.
    pub(super) fn watch(self: &Arc<Self>, watching: Watching) -> Option<Watching> {
        let before = self.unwatch(&watching.frames.broadcast.subject);
        self.state().watching.push(watching);
        self.mark_due();
        before
    }

    /// Follows a key no longer.
    pub(super) fn unwatch(&self, subject: &Subject) -> Option<Watching> {
        let mut state = self.state();
        let place = state.place_of(subject)?;
        Some(state.watching.remove(place))
    }

    /// Whether it follows that key.
    pub(super) fn watches(&self, subject: &Subject) -> bool {
        self.state().place_of(subject).is_some()
    }

    /// How many keys it follows.
    pub(super) fn watched(&self) -> usize {
        self.state().watching.len()
    }

    /// The account whose receipts it tells.
    pub(super) fn account(&self) -> Option<Arc<Account>> {
        let state = self.state();
        state.clicks.as_ref().map(|clicks| clicks.account.clone())
    }

    /// Tells the receipts of that account from now on.
    pub(super) fn set_account(self: &Arc<Self>, account: Arc<Account>) {
        account.tell(self.clone().into());
        self.state().clicks = Some(Clicks {
            account,
            acknowledged: 0,
        });
        self.mark_due();
    }

    /// Sends nothing any more; what it followed, and what the sink did not take.
    pub(super) fn close(self: &Arc<Self>) -> (Vec<Watching>, Vec<Bytes>) {
        let State {
            watching,
            clicks,
            rest,
            ..
        } = std::mem::take(&mut *self.state());
        if let Some(Clicks { account, .. }) = clicks {
            account.tell_no_longer(&self.clone().into());
        }
        (watching, rest)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

/// Told by an account that there is a new receipt.
impl Wake for Line {
    fn wake(self: Arc<Self>) {
        self.mark_due();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.mark_due();
    }
}

impl State {
    fn owner_sends(&self) -> bool {
        self.is_behind || self.sink.is_none()
    }

    fn take_all(&mut self, parts: &mut Vec<Bytes>) -> u64 {
        self.is_due = false;
        // First: a session must not see its click in the world before it is acknowledged.
        if let Some(receipt) = self.take_receipt()
            && let Some(message) = acknowledgement(&receipt)
        {
            parts.push(message.into_frame());
        }
        let mut frames = 0;
        while let Some(message) = self.take_frame() {
            parts.push(message.into_frame());
            frames += 1;
        }
        frames
    }

    fn take_receipt(&mut self) -> Option<Receipt> {
        let clicks = self.clicks.as_mut()?;
        let receipt = clicks.account.receipt();
        // An account that has counted nothing yet has nothing to say.
        if receipt.seq <= clicks.acknowledged {
            return None;
        }
        clicks.acknowledged = receipt.seq;
        Some(receipt)
    }

    fn take_frame(&mut self) -> Option<Message> {
        let count = self.watching.len();
        for next in 0..count {
            let place = (self.turn + next) % count;
            if let Some(Next { message, is_last }) = self.watching[place].frames.take() {
                if is_last {
                    self.watching.remove(place);
                }
                self.turn = place + 1;
                self.is_told = true;
                return Some(message);
            }
        }
        None
    }

    fn place_of(&self, subject: &Subject) -> Option<usize> {
        let mut watching = self.watching.iter();
        watching.position(|watching| watching.frames.broadcast.subject == *subject)
    }
}

fn acknowledgement(receipt: &Receipt) -> Option<Message> {
    let frame = ServerFrame::Ack {
        seq: receipt.seq,
        epoch: receipt.epoch,
        rev: receipt.rev,
    };
    Some(Message::text(&serde_json::to_vec(&frame).ok()?))
}

/// Drops so many bytes from the front.
fn drop_written(parts: &mut Vec<Bytes>, mut written: usize) {
    let mut whole = 0;
    for part in parts.iter_mut() {
        if written < part.len() {
            part.advance(written);
            break;
        }
        written -= part.len();
        whole += 1;
    }
    parts.drain(..whole);
}
