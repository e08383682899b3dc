//! A session's line to its browser: what is due on it, and who sends that.

use super::due::{Clicks, Due, Watching};
use super::message::Message;
use super::queue::Queue;
use super::watches::Subject;
use crate::counter::{Account, Receipt};
use crate::presence::End;
use crate::sync::lock;
use bytes::{Buf, Bytes};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Wake};

/// The most answers that wait for a browser: it has far fewer questions open.
const ANSWERS_MAX: usize = 1024;

/// A socket that takes bytes without waiting.
pub trait Sink: Send + Sync {
    /// Writes as much of these as the peer takes at once, in this order; how many bytes that is.
    ///
    /// # Errors
    /// [`io::ErrorKind::WouldBlock`] where it takes none now; others where the connection is broken.
    fn try_write(&self, parts: &[Bytes]) -> io::Result<usize>;
}

/// Somebody who is answered.
pub(crate) trait Answered: Send + Sync {
    /// Tells an answer, after all that were told before.
    fn answer(&self, message: Message);
}

/// What a session is to send to its browser next.
#[derive(Clone, Debug, PartialEq)]
pub enum Outgoing {
    /// Its clicks up to the receipt's number are counted.
    Counted(Receipt),
    /// A [`ServerFrame`](protocol::live::ServerFrame) of a topic, encoded as UTF-8 JSON, shared with all sessions that get
    /// it.
    Frame(Bytes),
}

/// A session's way to its browser.
///
/// Whatever is to be told marks it as due. With a sink that takes all it is given, the hub's next pass writes what is due
/// then. Otherwise its owner is woken, and takes what is due.
pub(super) struct Line {
    state: Mutex<Due>,
    queue: Arc<Queue>,
}

impl Line {
    pub(super) fn new(queue: Arc<Queue>) -> Self {
        Self {
            state: Mutex::default(),
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
            _ => state.wake_owner(),
        }
    }

    /// Waits until something may be due that the owner is to send.
    pub(super) fn poll_due(&self, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.state();
        if std::mem::take(&mut state.is_woken) {
            return Poll::Ready(());
        }
        match &mut state.owner {
            Some(owner) => owner.clone_from(context.waker()),
            owner => *owner = Some(context.waker().clone()),
        }
        Poll::Pending
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
            state.wake_owner();
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
            state.wake_owner();
        } else {
            self.write(state, &mut vec![part]);
        }
    }

    fn write(&self, mut state: MutexGuard<'_, Due>, parts: &mut Vec<Bytes>) {
        let (Some(sink), false) = (&state.sink, parts.is_empty()) else {
            return;
        };
        // Whatever broke, the owner learns when it writes the rest.
        let written = sink.try_write(parts).unwrap_or(0);
        drop_written(parts, written);
        if !parts.is_empty() {
            state.rest.append(parts);
            state.is_behind = true;
            state.wake_owner();
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
            let answer = (!state.answers.is_empty()).then(|| state.answers.remove(0));
            let frame = answer.or_else(|| state.take_frame());
            frame.map(|message| Outgoing::Frame(message.payload()))
        })
    }

    /// Whether the session was told to end; that wakes the owner.
    pub(super) fn is_over(&self) -> bool {
        self.state().is_over
    }

    /// Whether anything of the topics was sent since this was asked last.
    pub(super) fn take_told(&self) -> bool {
        std::mem::take(&mut self.state().is_told)
    }

    /// Follows a key; what it had of that key before.
    pub(super) fn watch(self: &Arc<Self>, watching: Watching) -> Option<Watching> {
        let before = self.unwatch(&watching.frames.broadcast.subject);
        let mut state = self.state();
        // Most pages watch one thing or two.
        state.watching.reserve_exact(1);
        state.watching.push(watching);
        drop(state);
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

    /// How many keys of sources for which that holds it follows.
    pub(super) fn watched(&self, holds: impl Fn(usize) -> bool) -> usize {
        let state = self.state();
        let watching = state.watching.iter();
        let sources = watching.map(|watching| watching.frames.broadcast.subject.source);
        sources.filter(|source| holds(*source)).count()
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
        let Due {
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

    fn state(&self) -> MutexGuard<'_, Due> {
        lock(&self.state)
    }
}

impl Answered for Arc<Line> {
    fn answer(&self, message: Message) {
        let mut state = self.state();
        if state.answers.len() >= ANSWERS_MAX {
            // Nobody reads them. Whoever comes back asks again.
            state.is_over = true;
            state.wake_owner();
            return;
        }
        state.answers.push(message);
        drop(state);
        self.mark_due();
    }
}

impl End for Line {
    fn end(&self) {
        let mut state = self.state();
        state.is_over = true;
        state.wake_owner();
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
