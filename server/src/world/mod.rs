//! The world: REST calls, the click form and the page.

pub(crate) mod clicks;
pub(crate) mod page;
pub(crate) mod page_cache;
mod pieces;
pub(crate) mod report;
