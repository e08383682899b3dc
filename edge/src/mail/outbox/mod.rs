//! Messages on their way to another cluster.
//!
//! A stream for each peer, read through a consumer group of one consumer: whichever instance holds the lease sends,
//! so that order is kept, and what was read and not settled is read again by whoever holds it next. A message is
//! settled once the peer has stored it, has refused it for ever, or a day has passed; of the last two its sender is
//! told by a notice. A recipient for whom the peer takes nothing now is passed over until their turn comes again,
//! with all that follows for them; the others go on. All times are Redis's.

use super::Mail;
use crate::redis::LinkError;
use protocol::{Cursor, Federated};
use std::time::Duration;

/// What waits for one other cluster, from this instance. A cheap clone.
#[derive(Clone)]
pub struct Outbox {
    mail: Mail,
    peer: String,
}

/// Why an outbox cannot do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutboxError {
    /// Another instance sends now.
    #[error("another instance holds the lease")]
    NotHolder,
    /// Redis did not answer.
    #[error(transparent)]
    Link(#[from] LinkError),
}

/// A message that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Where it stands in the outbox.
    pub cursor: Cursor,
    /// The message.
    pub message: Federated,
    /// How often it was tried.
    pub attempts: u32,
}

/// What to send now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutboxBatch {
    /// In the order in which they were sent.
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

impl Outbox {
    pub(super) fn new(mail: Mail, peer: String) -> Self {
        Self { mail, peer }
    }

    /// The other cluster's name.
    #[must_use]
    pub fn peer(&self) -> &str {
        &self.peer
    }

    /// Waits until there may be something new to send, or until that long has passed.
    pub async fn news(&self, at_most: Duration) {
        let _at_most = at_most;
        todo!("outbox")
    }

    /// Takes or renews the lease, for that long, and reads what is due: at most so many messages and bytes. What has
    /// waited for a day is given up meanwhile.
    ///
    /// # Errors
    /// [`OutboxError::NotHolder`], [`OutboxError::Link`].
    pub async fn take(
        &self,
        lease: Duration,
        entries_max: usize,
        bytes_max: usize,
    ) -> Result<OutboxBatch, OutboxError> {
        let _asked = (lease, entries_max, bytes_max, &self.mail);
        todo!("outbox")
    }

    /// Notes what became of messages.
    ///
    /// # Errors
    /// [`OutboxError::Link`]: it can be called again, and where it is not, the messages are sent again.
    pub async fn settle(
        &self,
        outcomes: Vec<(OutboxEntry, OutboxOutcome)>,
    ) -> Result<(), OutboxError> {
        let _outcomes = outcomes;
        todo!("outbox")
    }

    /// Gives the lease back, at shutdown.
    ///
    /// # Errors
    /// [`OutboxError::Link`].
    pub async fn release(&self) -> Result<(), OutboxError> {
        todo!("outbox")
    }
}
