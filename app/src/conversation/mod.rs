//! What a party's chat and a mail conversation share.

pub(crate) mod gestures;
mod message_form;
pub(crate) use message_form::{FormWords, MessageForm, Writing};
mod message_field;
pub(crate) use message_field::MessageField;
mod text;
pub(crate) use text::{preview, visible};
mod written;
pub(crate) use written::Written;
