//! One session: what it says, and what it makes of what it hears.

use super::journal::Journal;
use super::wire::{self, CLOSE, Frame, PING, TEXT, number_after};
use protocol::live::{ServerFrame, UNACKNOWLEDGED_MAX};
use std::cell::{Cell, RefCell};
use std::io;
use tokio::net::tcp::OwnedWriteHalf;

/// How a world frame begins.
const WORLD: &[u8] = br#"{"type":"world""#;
/// How an acknowledgement begins.
const ACK: &[u8] = br#"{"type":"ack""#;

/// One session on its socket.
///
/// All sessions live on one thread, hence the cells. Nothing is borrowed across an `await`.
#[derive(Debug)]
pub struct Session {
    /// Which of the crowd's places serves it.
    pub place: usize,
    socket: OwnedWriteHalf,
    out: RefCell<Vec<u8>>,
    frames: Cell<u64>,
    rev: Cell<u64>,
    sent: Cell<u64>,
    acknowledged: Cell<u64>,
    acknowledged_rev: Cell<u64>,
    /// Clicks kept outstanding; 0 while it does not click by itself.
    window: Cell<u64>,
    refused: RefCell<Vec<u64>>,
    dozing: Cell<bool>,
    journal: RefCell<Option<Box<Journal>>>,
    /// Why the server ended it.
    ended: RefCell<Option<String>>,
}

impl Session {
    /// One that has said nothing yet.
    pub(super) fn new(place: usize, socket: OwnedWriteHalf) -> Self {
        Self {
            place,
            socket,
            out: RefCell::default(),
            frames: Cell::default(),
            rev: Cell::default(),
            sent: Cell::default(),
            acknowledged: Cell::default(),
            acknowledged_rev: Cell::default(),
            window: Cell::default(),
            refused: RefCell::default(),
            dozing: Cell::default(),
            journal: RefCell::default(),
            ended: RefCell::default(),
        }
    }

    /// World frames heard.
    pub fn frames(&self) -> u64 {
        self.frames.get()
    }

    /// The newest world's revision.
    pub fn rev(&self) -> u64 {
        self.rev.get()
    }

    /// The revision that counts its newest acknowledged click.
    pub fn acknowledged_rev(&self) -> u64 {
        self.acknowledged_rev.get()
    }

    /// Clicks sent that are neither acknowledged nor refused.
    pub fn outstanding(&self) -> u64 {
        let acknowledged = self.acknowledged.get();
        let refused = self
            .refused
            .borrow()
            .iter()
            .filter(|&&seq| seq > acknowledged)
            .count();
        self.sent.get() - acknowledged - refused as u64
    }

    /// How many clicks are acknowledged, and their sum.
    pub fn counted(&self) -> (u64, i64) {
        let up_to = self.acknowledged.get();
        let refused = self.refused.borrow();
        let refused: Vec<_> = refused.iter().filter(|&&seq| seq <= up_to).collect();
        let sum = sum_up_to(up_to) - refused.iter().map(|&&seq| by(seq)).sum::<i64>();
        (up_to - refused.len() as u64, sum)
    }

    /// How many clicks were refused.
    pub fn refused(&self) -> usize {
        self.refused.borrow().len()
    }

    /// Why the server ended it, if it did.
    pub fn ended(&self) -> Option<String> {
        self.ended.borrow().clone()
    }

    /// Reads only now and then from its next frame on: it leaves the load's core to those that measure.
    pub fn doze(&self) {
        self.dozing.set(true);
    }

    /// Whether it reads only now and then.
    pub(super) fn dozes(&self) -> bool {
        self.dozing.get()
    }

    /// Begins to remember, or forgets what was remembered.
    pub fn remember(&self) {
        self.journal.borrow_mut().get_or_insert_default().clear();
    }

    /// Looks at what it remembers; an empty journal where it was not asked to.
    pub fn recall<T>(&self, look: impl FnOnce(&Journal) -> T) -> T {
        match &*self.journal.borrow() {
            Some(journal) => look(journal),
            None => look(&Journal::default()),
        }
    }

    /// Clicks once.
    ///
    /// # Errors
    /// Where the socket is closed.
    pub async fn click(&self) -> io::Result<()> {
        self.put_click();
        self.flush().await
    }

    /// Keeps that many clicks outstanding from now on; 0 stops.
    ///
    /// # Errors
    /// Where the socket is closed.
    pub async fn keep_clicking(&self, window: usize) -> io::Result<()> {
        self.window.set(window.min(UNACKNOWLEDGED_MAX) as u64);
        self.fill_window();
        self.flush().await
    }

    /// Says hello.
    pub(super) async fn greet(&self, id: protocol::SessionId) -> anyhow::Result<()> {
        wire::hello(&mut self.out.borrow_mut(), id)?;
        Ok(self.flush().await?)
    }

    /// Sends what is to be sent.
    pub(super) async fn flush(&self) -> io::Result<()> {
        while !self.out.borrow().is_empty() {
            let wrote = {
                let mut out = self.out.borrow_mut();
                self.socket
                    .try_write(&out)
                    .map(|length| drop(out.drain(..length)))
            };
            match wrote {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.socket.writable().await?
                }
                other => other?,
            }
        }
        Ok(())
    }

    /// Takes in a frame. What it makes us say waits for [`Session::flush`].
    pub(super) fn take(&self, frame: &Frame<'_>) {
        match frame.opcode {
            TEXT if frame.payload.starts_with(WORLD) => self.take_world(frame.payload),
            TEXT if frame.payload.starts_with(ACK) => self.take_ack(frame.payload),
            TEXT => self.take_other(frame.payload),
            PING => wire::pong(&mut self.out.borrow_mut(), frame.payload),
            CLOSE => self.end(format!(
                "close {:?}",
                String::from_utf8_lossy(frame.payload)
            )),
            _ => {}
        }
    }

    /// The server ended it.
    pub(super) fn end(&self, reason: String) {
        self.ended.borrow_mut().get_or_insert(reason);
    }

    fn take_world(&self, payload: &[u8]) {
        let rev = number_after(payload, b"\"rev\":").unwrap_or(0);
        self.frames.set(self.frames.get() + 1);
        self.rev.set(rev);
        if let Some(journal) = &mut *self.journal.borrow_mut() {
            journal.hear(rev, payload);
        }
    }

    fn take_ack(&self, payload: &[u8]) {
        let (Some(seq), Some(rev)) = (
            number_after(payload, b"\"seq\":"),
            number_after(payload, b"\"rev\":"),
        ) else {
            return self.end("an acknowledgement without seq or rev".into());
        };
        self.acknowledged.set(self.acknowledged.get().max(seq));
        self.acknowledged_rev.set(rev);
        if let Some(journal) = &mut *self.journal.borrow_mut() {
            journal.settle(seq, rev);
        }
        self.fill_window();
    }

    fn take_other(&self, payload: &[u8]) {
        match serde_json::from_slice(payload) {
            Ok(ServerFrame::Refused { seq, .. }) => {
                self.refused.borrow_mut().push(seq);
                self.fill_window();
            }
            Ok(ServerFrame::Reload { version }) => self.end(format!("the server speaks {version}")),
            Ok(_) => {}
            Err(error) => self.end(format!("not a frame: {error}")),
        }
    }

    fn fill_window(&self) {
        for _ in self.outstanding()..self.window.get() {
            self.put_click();
        }
    }

    fn put_click(&self) {
        let seq = self.sent.get() + 1;
        self.sent.set(seq);
        if let Some(journal) = &mut *self.journal.borrow_mut() {
            journal.send(seq);
        }
        wire::click(&mut self.out.borrow_mut(), seq, by(seq));
    }
}

/// What a session's click of that number adds: every fourth takes one away.
fn by(seq: u64) -> i64 {
    if seq.is_multiple_of(4) { -1 } else { 1 }
}

/// The sum of a session's clicks up to one.
fn sum_up_to(seq: u64) -> i64 {
    seq as i64 - 2 * (seq / 4) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_that_of_the_clicks() {
        for seq in 0..100 {
            assert_eq!(sum_up_to(seq), (1..=seq).map(by).sum::<i64>());
        }
    }
}
