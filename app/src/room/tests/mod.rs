//! The rules of rooms.

mod chat;
pub(crate) mod samples;
mod sayings;
