//! Parties: REST calls, pages, forms and chat.

pub(crate) mod actions;
pub(crate) mod calls;
pub(crate) mod chat;
pub(crate) mod chat_form;
pub(crate) mod code_limit;
pub(crate) mod forms;
pub(crate) mod nearby_cache;
pub(crate) mod page;
pub(crate) mod participants;
pub(crate) mod path;
