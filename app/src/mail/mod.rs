//! `/mail` and `/mail/{address}`: a person's mailbox, live.
//!
//! [`MailboxMirror`](mirror::MailboxMirror) is the mailbox: what the server rendered, with the news of the live socket
//! merged into it. [`OpenMailbox`] wraps it in signals, beside the open conversation, whose log and outbox are those of
//! [`conversation`](crate::conversation). In a browser it follows the socket and marks letters as seen.

pub(crate) mod page;
pub(crate) use page::MailPage;
mod blocks;
use blocks::{BlockSender, WhoMayWrite};
mod conversation_card;
use conversation_card::ConversationCard;
mod conversation_list;
use conversation_list::ConversationList;
mod echo;
use echo::{TryEcho, echoes};
mod give_back;
use give_back::GiveBack;
mod name_form;
use name_form::{AnotherName, NameCard};
mod write_form;
use write_form::{MailAway, WriteForm};

mod address_check;
use address_check::{AddressCheck, place_of};
mod mirror;
use mirror::MailboxMirror;
mod signals;
use signals::OpenMailbox;

use crate::conversation::Words;

/// What a mail conversation's parts are called.
pub(crate) const WORDS: Words = Words {
    log: "Letters",
    messages: "letters",
    beginning: "This is the beginning of your conversation.",
    field: "Your letter",
};

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::samples;
