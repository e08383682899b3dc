//! Tests of the mailbox.

mod mirror;
pub(crate) mod samples;
