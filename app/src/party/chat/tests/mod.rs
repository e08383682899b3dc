//! The rules of rooms.

mod log;
pub(crate) mod samples;
mod sayings;
