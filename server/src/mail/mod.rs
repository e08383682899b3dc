//! Mail: REST calls, pages, forms and export.

pub(crate) mod addresses;
pub(crate) mod auth;
pub(crate) mod export;
pub(crate) mod forms;
pub(crate) mod json_lines;
pub(crate) mod messages;
pub(crate) mod page;
pub(crate) mod parts;
