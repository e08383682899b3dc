//! Batches and their outcomes.

use protocol::{Cursor, Federated};
use std::time::Duration;

/// A waiting message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Its position in the outbox.
    pub cursor: Cursor,
    /// The message.
    pub message: Federated,
    /// How many times delivery was tried.
    pub attempts: u32,
    /// Why the last try failed, for this message or for the peer as a whole; empty before the first.
    pub reason: String,
}

/// The messages to send now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutboxBatch {
    /// In the order in which they were sent. Those not settled come first in the next batch.
    pub entries: Vec<OutboxEntry>,
    /// How long to wait for the next batch if this one is empty, unless there is news.
    pub wait: Duration,
}

/// The outcome of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutboxOutcome {
    /// The peer has stored it.
    Stored,
    /// The peer cannot accept it now; why, in plain words.
    Later(String),
    /// The peer rejects it permanently; likewise.
    Refused(String),
}
