//! Extractors that several features use.

pub(crate) mod body;
pub(crate) mod idempotency_key;
pub(crate) mod query;
