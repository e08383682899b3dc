//! The REST API.

mod routes;
pub(crate) use routes::{ordinary, quick};

mod document;

pub(crate) mod docs;

pub(crate) mod counter;
mod dispatch;
mod health;
mod participant;
mod party;
mod ping;
mod world;

mod body;
mod query;
mod segments;
