//! Presence: the registry of live instances, and of the people connected to each.
//!
//! [`Presence`] counts this instance's sessions and their persons in memory; each session holds a [`Guard`].
//! [`PresenceTask`] keeps Redis up to date: it registers the instance, sends a heartbeat every second, and sends the
//! changes since the last call, in batches under load. Redis counts a person once per region, however many of its
//! instances they are connected to, and knows for every person whether they are online anywhere: that is what parties
//! show, and a script that changes it tells the person's party.
//!
//! Each heartbeat also removes instances whose last one is too old by Redis's clock, with their people, in bounded
//! steps. Calls set members and counts rather than add to them, so a failed one is repeated as it is.

mod state;
pub(crate) use state::{Guard, Presence};

mod tasks;
pub(crate) use tasks::Heartbeats;
use tasks::PresenceTask;

use crate::Parties;
use crate::config::Limits;
use crate::redis::LinkError;
use crate::tasks::Tasks;
use crate::world::WorldStore;

/// Starts to maintain this instance's entry in the registry.
pub(crate) fn start(
    tasks: &Tasks,
    presence: &Presence,
    store: &WorldStore,
    parties: &Parties,
    limits: &Limits,
) {
    let task = PresenceTask::new(presence.clone(), store.clone(), parties.clone(), limits);
    tasks.feed(|stop| task.run(stop));
}

/// Leaves the registry, after the task has ended.
///
/// # Errors
/// [`LinkError`]: the other instances will notice.
pub(crate) async fn leave(store: &WorldStore) -> Result<(), LinkError> {
    PresenceTask::leave(store).await
}
