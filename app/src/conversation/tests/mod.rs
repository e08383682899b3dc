//! Tests of the log and the outbox.

mod log;
mod outbox;
pub(crate) mod samples;
