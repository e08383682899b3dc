//! Parties: small groups of people of any region, led by one of them.
//!
//! Redis holds each party in one hash, and for each person the one party they are in. Every change is one
//! script, so one atomic step: whoever joins, leaves and is promoted at the same moment in different regions
//! does so one after the other. Nothing of a party is kept in an instance; any instance serves any party.
//!
//! Every call can be made again after an ambiguous failure. Joining is idempotent by person; who leaves twice
//! is told [`PartyError::NotIn`] or [`PartyError::Unknown`]; who creates twice moves from the first party to
//! the second, and the first ends with that, unless somebody who found it nearby has joined meanwhile.
//!
//! A person is online while a session of theirs, on any instance, [attends](crate::Session::attend): each instance
//! tells Redis whom it holds, and beats; whoever beats also sweeps up what silent instances held, and parties
//! that nobody has touched for long. All of it in bounded steps. A session that shows a party watches it: its
//! instance follows the party's channel, on which each change puts a hint, reads the party anew at most so many
//! times a second, and hands one frame to all its sessions that show it. Hints are just that: a party is read,
//! too, when its channel is first subscribed to, and after every reconnect.
//!
//! A party has a room: a stream of the last thousand lines that participants said, which goes with the party. A
//! session that shows the party shows its room too, by a channel of its own, so that neither is read for the other.
//!
//! [`state`] and [`cell`] hold the rules, without clock or I/O; [`Store`](store::Store) calls the scripts;
//! [`PartySource`] and [`ChatSource`] read what is shown here, [`AttendanceTask`] tells who attends; [`Parties`] is the
//! handle for all others.

mod cell;
mod state;
mod store;

mod handle;
pub use handle::{Joining, Parties, PartyError, PartyPlan};

mod chat;

mod attendance;
use attendance::AttendanceTask;

mod source;
pub(crate) use source::{ChatSource, PartySource};

use crate::config::Limits;
use crate::presence::Beats;
use crate::redis::LinkError;
use crate::tasks::Tasks;

/// Starts to tell Redis who attends here.
pub(crate) fn start(tasks: &Tasks, parties: &Parties, limits: &Limits) {
    let task = AttendanceTask::new(parties.clone(), Beats::of(limits), limits.party_ttl);
    tasks.feed(|stop| task.run(stop));
}

/// Takes everyone here offline, once the task has ended.
///
/// # Errors
/// [`LinkError`]: the other instances will notice then.
pub(crate) async fn leave(parties: &Parties) -> Result<(), LinkError> {
    AttendanceTask::leave(parties).await
}
