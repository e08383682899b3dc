//! Sessions on live sockets, as cheap as can be: they share a core with each other and a machine with
//! what they measure.
//!
//! A [`Session`] is one socket. What it hears is looked at by prefix and by one number, the revision;
//! nothing is copied or decoded but acknowledgements. A [`Crowd`] opens many and adds them up; clicks
//! come from it at a rate ([`click_at`]) or as fast as they are acknowledged ([`saturate`]).

mod wire;

mod journal;

mod session;
pub use session::Session;

mod ear;

mod crowd;
pub use crowd::{Crowd, Tally};

mod clicks;
pub use clicks::{click_at, saturate, settle};
