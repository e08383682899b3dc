//! The draw: REST calls and page.

pub(crate) mod calls;
pub(crate) mod page;
