//! The world: what all instances share, and this instance's copy of it in memory.
//!
//! Redis holds the truth in a few hashes. Each script that changes it raises the revision by one and
//! publishes the new numbers of the regions it touched; a mirror applies those events in order. An event
//! that came out of order waits; when the one before it does not come soon, or the revision that Redis
//! reports runs ahead, the mirror reads a snapshot. Pub/sub is a hint, the hashes are the truth.
//!
//! An instance's own events reach its mirror with the script's reply, not by pub/sub: so that it can
//! acknowledge clicks to its sessions before they see a world that includes them.
//!
//! [`State`](state::State) holds the rules, without clock or I/O; [`Mirror`] is the handle that pages,
//! sessions and tasks read; [`MirrorTask`] follows the link and repairs; [`Store`] calls the scripts.

mod state;
pub(crate) use state::{Event, Snapshot};

mod mirror;
pub use mirror::Mirror;

mod store;
pub(crate) use store::{Own, Script, Store};

mod tasks;
pub(crate) use tasks::MirrorTask;

mod source;
pub(crate) use source::WorldSource;
