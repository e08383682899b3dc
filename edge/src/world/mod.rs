//! The world: what all instances share, and this instance's copy of it in memory.
//!
//! Redis holds the truth in a few hashes. Each script that changes it raises the revision by one and publishes the new
//! numbers of the regions that it touched; mirrors apply these events in order. An event that arrives early waits; if the
//! missing one does not arrive soon, or Redis reports a later revision, the mirror reads a snapshot. Pub/sub is a hint,
//! the hashes are the truth.
//!
//! An instance's own events reach its mirror with the script's reply instead of pub/sub, so that it can acknowledge clicks
//! to its sessions before they see a world that includes them.
//!
//! While Redis takes no writes, nobody's heartbeat is stored and nobody's entry removed. Instances publish that they live
//! instead, and each mirror leaves out those that have fallen silent ([`Signs`](signs::Signs)), until Redis tells again.
//!
//! How soon clicks are elsewhere is measured, not guessed: a few times a second an instance asks the other regions to confirm
//! the revision that its clicks make, and one instance of each tells it once it has that ([`Arrivals`](arrivals::Arrivals)).
//!
//! [`State`](state::State) holds the rules and does no I/O; [`Mirror`] is the handle that pages, sessions and tasks read; [`MirrorTask`] follows the link and repairs; [`WorldStore`] calls the scripts.

mod state;
pub(crate) use state::{Event, Snapshot};

mod arrivals;

mod signs;

mod mirror;
pub use mirror::Mirror;

mod store;
pub(crate) use store::{InstanceInfo, WorldStore};

mod tasks;
pub(crate) use tasks::MirrorTask;

mod source;
pub(crate) use source::WorldSource;
