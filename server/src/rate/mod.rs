//! Rate limits of sessions and network addresses.

mod budget;
pub(crate) use budget::Budget;

mod addresses;
pub(crate) use addresses::{Address, Addresses, Connection, network};
