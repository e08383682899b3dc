//! Tests of this crate that need more than one of its files.

mod changes;
mod model;
mod rules;
pub(crate) mod samples;
