//! Tests of the rules, which nothing but the draw itself needs.

mod board;
pub(crate) mod samples;
