//! Sessions on live sockets, kept lean: all of them share the load's core.
//!
//! A [`Session`] is one WebSocket, driven by a task of its own. A [`Crowd`] opens many sessions and adds
//! up what they received. Clicks come at a rate ([`click_at`]) or as fast as they are acknowledged
//! ([`saturate`]). Everything that bench knows of the protocol's frames is in [`frames`].

pub mod frames;

mod journal;

mod session;
pub use session::{Session, Socket, connect, step};

mod crowd;
pub use crowd::{Crowd, Traffic, click_at, saturate, settle};
