//! What the pages of mail are made of.

mod address_field;
use address_field::AddressField;
#[cfg(feature = "hydrate")]
pub(crate) mod gestures;
mod message_form;
pub(crate) use message_form::{FormWords, MessageForm, Writing};
mod message_field;
pub(crate) use message_field::MessageField;
mod name_form;
pub(crate) use name_form::{AnotherName, NameCard};
mod own_address;
pub(crate) use own_address::OwnAddress;
mod talk_list;
pub(crate) use talk_list::TalkList;
mod write_form;
pub(crate) use write_form::WriteForm;

mod composer;
mod conversation;
pub(crate) use conversation::ConversationCard;
mod letter_line;
mod letter_log;
mod letter_mark;

mod mail_away;
pub(crate) use mail_away::MailAway;
mod written;
pub(crate) use written::Written;
