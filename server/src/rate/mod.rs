//! Limits of sessions, network addresses and networks: how fast, and how much.

mod budget;
pub(crate) use budget::Budget;

mod network;
pub(crate) use network::household;

pub(crate) mod memory;

mod addresses;
pub(crate) use addresses::{Address, Addresses, Connection};
