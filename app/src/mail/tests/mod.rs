//! Tests of the rules, which nothing but mail itself needs.

mod outgoing;
mod post;
pub(crate) mod samples;
