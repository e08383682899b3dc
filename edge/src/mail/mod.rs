//! Mail: letters to addresses in any region, and in other clusters.
//!
//! Each address has a mailbox in Redis: a stream of all letters that came and, once the address is claimed, of those
//! that its owner wrote. Its other data (owner, unseen counts, letters that wait) is in keys of the same slot. Nobody
//! can read an unclaimed mailbox, and claiming one empties it. The letters of a conversation are found by an index, so
//! paging back costs only what is read, and any of them can be removed.
//!
//! Anybody may write to anybody, so nobody may use up what is there for others. Letters of unverified senders have a small
//! budget of their own in each mailbox, per minute and in all. Of verified senders, who cost nothing either, one may send
//! a tenth per minute, and those to whom the owner has never written half; in a full mailbox they lose letters first.
//!
//! An owner can block senders, other clusters, and unverified senders: the script that stores a letter looks there first.
//!
//! Sending takes two steps, and a third for an owner: the sender's slot permits the message, the recipient's slot stores
//! it, and the sender's slot stores a copy. Where a message can arrive twice (it has an idempotency key, comes from
//! another cluster, or is a notice) each step is idempotent. A message for another cluster goes into that cluster's
//! [`Outbox`] instead, a stream that one instance at a time sends from, with retries in order.
//!
//! Letters to a region's [`echo`] wait in a stream of their own until one of the region's instances answers.
//!
//! A session watches a mailbox as it watches a party: a channel brings hints, the mailbox is read at a bounded rate, and
//! all sessions that watch it share one frame.
//!
//! [`state`] parses letters and does no I/O; [`Mail`] is the handle, which calls the scripts, whose keys `prelude.lua`
//! lists; [`MailboxSource`] reads what is watched; [`entry`] and [`store`] are the interface to the outbox.

mod claim;
pub use claim::{Credentials, MailToken, TokenHash};

mod error;
pub use error::MailError;

mod handle;
pub use handle::{Mail, MailLimits};

mod send;
pub use send::NewLetter;

mod blocks;
pub use blocks::MailBlock;

mod owner;

mod give_back;

mod read;
pub use read::Conversations;

mod entry;

mod state;

mod keys;

mod metrics;
pub use metrics::MailMetrics;

mod scripts;

mod store;

mod source;
pub(crate) use source::{MailboxSource, UnreadLettersSource};

mod echo;

mod connect;
pub use connect::MailLink;

mod outbox;
pub use outbox::{Outbox, OutboxBatch, OutboxEntry, OutboxError, OutboxOutcome};
