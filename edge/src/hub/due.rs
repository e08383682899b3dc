//! What is due on a session's line.

use super::broadcast::{Next, Subscription};
use super::line::Sink;
use super::message::Message;
use super::watches::Subject;
use crate::counter::{Account, Receipt};
use bytes::Bytes;
use protocol::live::ServerFrame;
use std::sync::Arc;
use std::task::Waker;

/// The state of a line.
#[derive(Default)]
pub(super) struct Due {
    pub(super) watching: Vec<Watching>,
    /// Which of them is asked first.
    turn: usize,
    /// Of a session that clicks.
    pub(super) clicks: Option<Clicks>,
    pub(super) sink: Option<Arc<dyn Sink>>,
    /// Answers to what the session asked for, in their order.
    pub(super) answers: Vec<Message>,
    /// What the sink did not take.
    pub(super) rest: Vec<Bytes>,
    /// Whether the owner writes, although there is a sink: until it has found nothing more to write.
    pub(super) is_behind: bool,
    /// Whether whoever sends knows that something is due.
    pub(super) is_due: bool,
    /// Whoever sends what no sink takes, while they wait.
    pub(super) owner: Option<Waker>,
    /// Whether they were woken since they waited last.
    pub(super) is_woken: bool,
    /// Whether a frame was sent since somebody asked.
    pub(super) is_told: bool,
    /// Whether the session was told to end.
    pub(super) is_over: bool,
}

/// A key that the session watches.
pub(super) struct Watching {
    pub(super) frames: Subscription,
    /// Its place among the watchers.
    pub(super) place: usize,
}

/// A clicking session's account.
pub(super) struct Clicks {
    pub(super) account: Arc<Account>,
    /// The newest number that was acknowledged.
    pub(super) acknowledged: u64,
}

impl Due {
    /// Whether the owner is to send what comes.
    pub(super) fn owner_sends(&self) -> bool {
        self.is_behind || self.sink.is_none()
    }

    /// Wakes the owner.
    pub(super) fn wake_owner(&mut self) {
        self.is_woken = true;
        if let Some(owner) = self.owner.take() {
            owner.wake();
        }
    }

    /// Takes all that is due; how many frames of topics that was.
    pub(super) fn take_all(&mut self, parts: &mut Vec<Bytes>) -> u64 {
        self.is_due = false;
        // First: a session must not see its click in the world before it is acknowledged.
        if let Some(receipt) = self.take_receipt()
            && let Some(message) = acknowledgement(&receipt)
        {
            parts.push(message.into_frame());
        }
        parts.extend(self.answers.drain(..).map(Message::into_frame));
        let mut frames = 0;
        while let Some(message) = self.take_frame() {
            parts.push(message.into_frame());
            frames += 1;
        }
        frames
    }

    /// Takes the newest receipt, unless it was told.
    pub(super) fn take_receipt(&mut self) -> Option<Receipt> {
        let clicks = self.clicks.as_mut()?;
        let receipt = clicks.account.receipt();
        // An account that has counted nothing yet has nothing to say.
        if receipt.seq <= clicks.acknowledged {
            return None;
        }
        clicks.acknowledged = receipt.seq;
        Some(receipt)
    }

    /// Takes the frame that is next.
    pub(super) fn take_frame(&mut self) -> Option<Message> {
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

    /// Where it follows that key.
    pub(super) fn place_of(&self, subject: &Subject) -> Option<usize> {
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
