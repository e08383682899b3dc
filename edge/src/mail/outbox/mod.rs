//! Messages on their way to another cluster.
//!
//! Each peer has a stream, read through a consumer group with one consumer: the instance that holds the lease sends, so
//! order is kept. Messages that it took but did not settle are taken again by the next holder; if part of a batch is
//! settled or postponed, the rest returns to its place. A message is settled once the peer has stored it, has rejected it
//! permanently, or a day has passed; in the last two cases the sender gets a notice. A lane (what one sender wrote to one
//! recipient) of which the peer accepts nothing at present is skipped until its next try, and later messages in it wait in
//! a list of their own, while others proceed. A peer that accepts nothing at all is left alone for a while, then tried with
//! smaller batches. All times are Redis's.
//!
//! An outbox is bounded, and so is what one sender may put into it, and what all unverified ones may: a tenth each. In a
//! full one, a message of a verified sender takes the place of an unverified one, whose sender gets a notice.
//!
//! Senders are notified before the message is removed: if an instance is killed in between, the next one notifies them
//! again, which changes nothing.

mod handle;
pub use handle::{Outbox, OutboxBatch, OutboxEntry, OutboxError, OutboxOutcome};

mod settle;

mod texts;
