//! What a party's chat and a mail conversation share.
//!
//! [`Log`] is the stored messages, kept in order, complete and free of duplicates; [`Outbox`] is the texts that this
//! page sends, one after the other, each under an idempotency key until it is answered. Both are plain rules.
//! [`OpenConversation`] wraps them in signals and, in a browser, sends, fills gaps and loads older messages through a
//! [`Channel`]: the chat's or the mailbox's own addresses. The components show it.

mod log;
pub(crate) use log::{Entry, EntryPage, Log};
mod outbox;
pub(crate) use outbox::{Outbox, Stage, Stored, Unsent};

mod carry;
mod channel;
pub(crate) use channel::{Channel, Submission};
mod open;
pub(crate) use open::{Loading, OpenConversation};

mod composer;
pub(crate) use composer::Composer;
mod message_field;
pub(crate) use message_field::MessageField;
mod message_line;
pub(crate) use message_line::Mark;
mod message_log;
pub(crate) use message_log::{Announcements, MessageLog, Words};
mod reading;
mod text;
pub(crate) use text::{Written, preview, visible};

#[cfg(test)]
mod tests;
