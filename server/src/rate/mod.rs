//! Bounds for each session and address.

mod budget;
pub(crate) use budget::{Budget, limiter};

mod address;
pub(crate) use address::{Address, Connection};

mod addresses;
pub(crate) use addresses::Addresses;
