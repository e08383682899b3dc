//! Sessions on live sockets, kept lean: all of them share the load's core.
//!
//! A [`Session`] is one WebSocket, driven by a task of its own. A [`Crowd`] opens many sessions and adds
//! up what they received. Clicks come at a rate ([`click_at`]) or as fast as they are acknowledged
//! ([`saturate`]). Everything that bench knows of the protocol's frames is in
//! [`frames`], and how sessions read them in `dialect` and `wire`.

pub mod frames;

mod dialect;
pub use dialect::{Dialect, REGIONS};

mod wire;

mod journal;

mod session;
pub use session::{Manner, Session, Socket, connect, step};

mod crowd;
pub use crowd::{Crowd, OPENING_MAX, Traffic, click_at, saturate, settle};
