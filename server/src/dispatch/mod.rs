//! Dispatch: which instance a visitor is sent to.

pub(crate) mod managers;
pub(crate) mod ping;
