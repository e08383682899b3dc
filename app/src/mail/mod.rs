//! What a page of mail knows, and what a browser does about it.
//!
//! [`Post`](post::Post) is the mailbox: what the server rendered, and the news that the live socket brings merged
//! into it. [`Outgoing`](outgoing::Outgoing) are the letters that this page sends: shown at once, sent one after
//! the other under keys of their own, again until they are answered. Both are plain rules; [`MailRoom`] wraps
//! them in signals. In a browser `sending` and `following` feed them: the one carries letters, the other hears the
//! socket, fills gaps, looks back and marks as seen.

mod page;
pub(crate) use page::MailPage;
mod address_field;
use address_field::AddressField;
mod composer;
mod conversation_card;
use conversation_card::ConversationCard;
mod letter_line;
mod letter_log;
mod letter_mark;
mod mail_away;
use mail_away::MailAway;
mod name_form;
use name_form::{AnotherName, NameCard};
mod own_address;
use own_address::OwnAddress;
mod talk_list;
use talk_list::TalkList;
mod write_form;
use write_form::WriteForm;

mod check;
mod outgoing;
mod post;
mod signals;

mod browser;
mod following;
mod sending;

pub(crate) use check::{Check, place_of};
pub(crate) use outgoing::{Sent, Stage, Trouble};
pub(crate) use post::Post;
pub(crate) use signals::{Looking, MailRoom};

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::samples;
