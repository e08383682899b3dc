//! The REST API's description of itself, and its viewer.

pub(crate) mod docs;
pub(crate) mod document;
pub(crate) mod routes;
