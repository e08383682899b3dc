//! Components that several features use. Values come in as signals, intents go out as callbacks; nothing here fetches.
//!
//! The signals are typed memos, not Leptos's `Signal`, whose code for every kind of signal with each type of value would
//! be a twentieth of the download.

mod document_page;
mod frame;
mod link_list;
pub mod map;
mod new_document_page;
mod served_by_line;
mod share_bar;
mod share_card;
mod text_field;

pub(crate) use document_page::{DocumentPage, document_head};
#[cfg(feature = "ssr")]
pub(crate) use frame::footer;
pub use frame::navigation;
pub(crate) use frame::{Frame, Section};
pub(crate) use link_list::LinkList;
pub(crate) use map::{Glow, Route, WorldMap};
pub(crate) use new_document_page::NewDocumentPage;
pub(crate) use served_by_line::ServedByLine;
pub(crate) use share_bar::{Bar, share_bar};
pub(crate) use share_card::ShareCard;
pub(crate) use text_field::TextField;
