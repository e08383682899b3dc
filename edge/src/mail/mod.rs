//! Mail: messages to addresses of any region, and of other clusters.
//!
//! Redis holds a mailbox for each address: one stream, of all that came and, where the address is claimed, of all
//! that its owner wrote, with what else belongs to it (who owns it, what is unseen, what waits) in keys of the
//! same slot. Nobody can read a mailbox that is not claimed; claiming one empties it. Entries of one conversation
//! are a chain: each names the one before it, so that reading back costs what is read, however much lies between.
//!
//! Sending is two steps, three for an owner: at the sender's slot it is allowed, at the recipient's it is stored
//! with all that follows, and at the sender's its copy is kept. Where a message may come again - with an
//! idempotency key, from another cluster, or as a notice - each step can be made again: Redis knows what it was made for.
//! What is for another cluster is stored in that cluster's [`Outbox`] instead, a
//! stream from which one instance at a time sends; order, retries and giving up are there.
//!
//! A session that shows a mailbox watches it as one that shows a party watches that: hints on a channel, read anew
//! at most so many times a second, one frame for all sessions that show it.
//!
//! [`state`] reads letters, without clock or I/O; [`Store`](store::Store) calls the scripts, of which `prelude.lua`
//! names the keys; [`MailSource`] reads what is shown here; [`entry`] and [`notes`] are what an outbox gets and gives;
//! [`Mail`] is the handle for all others.

mod claim;
pub use claim::{MailToken, Proof, TokenHash};

mod error;
pub use error::MailError;

mod handle;
pub use handle::{Mail, MailLimits};

mod send;
pub use send::Sending;

mod owner;

mod read;
pub use read::Conversations;

mod entry;

mod notes;

mod state;

mod scripts;

mod store;

mod lookup;

mod source;
pub(crate) use source::MailboxSource;

mod connect;
pub use connect::MailLink;

mod outbox;
pub use outbox::{Outbox, OutboxBatch, OutboxEntry, OutboxError, OutboxOutcome};
