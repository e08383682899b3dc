//! Parties: small groups of people of any region, led by one of them.
//!
//! Redis holds each party in one hash, and for each person the one party they are in. Every change is one
//! script, so one atomic step: whoever joins, leaves and is promoted at the same moment in different regions
//! does so one after the other. Nothing of a party is kept in an instance; any instance serves any party.
//!
//! Every call can be made again after an ambiguous failure. Joining is idempotent by person; who leaves twice
//! is told [`PartyError::NotIn`] or [`PartyError::Unknown`]; who creates twice moves from the first party to
//! the second, and the first, which nobody else knows of, ends with that.
//!
//! [`state`] and [`cell`] hold the rules, without clock or I/O; [`Store`](store::Store) calls the scripts;
//! [`Parties`] is the handle for all others.

mod cell;
mod state;
mod store;

mod handle;
pub use handle::{Joining, Parties, PartyError, PartyPlan};
