//! Presence: the registry of live instances, and of the people connected to each.
//!
//! [`Presence`] counts this instance's sessions and their persons in memory; each session joins, and leaves when
//! it is dropped.
//! [`PresenceTask`] keeps Redis up to date: it registers the instance, sends a heartbeat every second, and sends the
//! changes since the last call, in batches under load. Redis counts a person once per region, however many of its
//! instances they are connected to, and knows for every person whether they are online anywhere: that is what parties
//! show, and a script that changes it tells the person's party.
//!
//! Each heartbeat also removes instances whose last one is too old by Redis's clock, with their people, in bounded
//! steps. Calls set members and counts rather than add to them, so a failed one is repeated as it is.

mod state;
pub(crate) use state::{End, Presence};

mod tasks;
pub(crate) use tasks::PresenceTask;
