//! Tests of this folder that need more than one of its files.

mod changes;
mod model;
mod rules;
pub(crate) mod samples;
