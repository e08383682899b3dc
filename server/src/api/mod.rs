//! The REST API.

mod routes;
pub(crate) use routes::{ordinary, quick};

mod document;

pub(crate) mod docs;

mod address;
pub(crate) mod counter;
mod dispatch;
mod draw;
mod export;
mod federation;
mod health;
mod line;
mod message;
mod participant;
mod party;
mod ping;
mod world;

mod body;
mod key;
mod query;
mod segments;
