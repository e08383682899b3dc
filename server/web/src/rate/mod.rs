//! Limits of sessions, network addresses and networks: how fast, and how much.

mod budget;
pub use budget::Budget;

mod network;
pub(crate) use network::household;

pub mod memory;

mod addresses;
pub use addresses::Address;
pub(crate) use addresses::{Addresses, Connection};
