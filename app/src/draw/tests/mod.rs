//! Tests of the rules, which nothing but the draw itself needs.

mod mirror;
pub(crate) mod samples;
