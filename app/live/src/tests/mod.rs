//! Tests of this crate that need more than one of its files.

mod changes;
mod changes_model;
mod model;
mod rules;
pub(crate) mod samples;
