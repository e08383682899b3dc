//! The REST API.

pub(crate) mod counter;
pub(crate) mod health;
pub(crate) mod world;
