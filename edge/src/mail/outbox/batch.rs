//! What is sent, and what becomes of it.

use protocol::{Cursor, Federated};
use std::time::Duration;

/// A message that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Where it stands in the outbox.
    pub cursor: Cursor,
    /// The message.
    pub message: Federated,
    /// How often it was tried.
    pub attempts: u32,
    /// Why the last try did not help, of it or of the peer as a whole; empty where there was none.
    pub reason: String,
}

/// What to send now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutboxBatch {
    /// In the order in which they were sent. Those that are not settled come again, first, with the next batch.
    pub entries: Vec<OutboxEntry>,
    /// When to look again where nothing is due: sooner where news comes.
    pub wait: Duration,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutboxOutcome {
    /// The peer has it.
    Stored,
    /// The peer did not take it now; why, in words a person understands.
    Later(String),
    /// The peer will never take it; likewise.
    Refused(String),
}
