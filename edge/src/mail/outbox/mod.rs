//! Messages on their way to another cluster.
//!
//! A stream for each peer, read through a consumer group of one consumer: whichever instance holds the lease sends,
//! so that order is kept, and what was taken and not settled is taken again by whoever holds it next; where a part of
//! a batch is settled or postponed, the rest goes back to where it was. A message is settled once the peer has stored it, has refused it for ever, or a day has passed; of the last two its sender is
//! told by a notice. A recipient for whom the peer takes nothing now is passed over until their turn comes again,
//! with all that follows for them, which waits in a list of theirs; the others go on. A peer that takes nothing at
//! all is left alone for a while, and then tried with less. All times are Redis's.
//!
//! What a sender is told comes before the message is removed: whoever is killed between the two tells it again,
//! which changes nothing. [`Outbox`] is the handle, `store.rs` calls the scripts.

mod batch;
pub use batch::{OutboxBatch, OutboxEntry, OutboxOutcome};

mod handle;
pub use handle::{Outbox, OutboxError};

mod senders;

mod store;

mod words;
