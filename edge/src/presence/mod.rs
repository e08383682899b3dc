//! Presence: who is here, and that this instance lives.
//!
//! [`Presence`] counts this instance's sessions and their persons in memory: each session holds a
//! [`Guard`]. One task tells Redis: it registers the instance, beats once a second, and sends what changed
//! since the last time, gathered under load. In Redis a person is counted once a region, however many
//! instances of it they are connected to. Whoever beats also removes the instances whose beat is too old
//! by Redis's clock, with their people. A call that fails is made again; all of them can be: they set
//! members and counts, they do not add.

mod state;
pub use state::PersonId;
pub(crate) use state::{Change, Guard, Presence};

mod tasks;
pub(crate) use tasks::Beats;
use tasks::PresenceTask;

use crate::config::Limits;
use crate::redis::LinkError;
use crate::tasks::Tasks;
use crate::world::Store;

/// Starts to tell Redis who is here.
pub(crate) fn start(tasks: &Tasks, presence: &Presence, store: &Store, limits: &Limits) {
    let task = PresenceTask::new(presence.clone(), store.clone(), Beats::of(limits));
    tasks.feed(|stop| task.run(stop));
}

/// Leaves the registry, once the task has ended.
///
/// # Errors
/// [`LinkError`]: the other instances will notice then.
pub(crate) async fn leave(store: &Store) -> Result<(), LinkError> {
    PresenceTask::leave(store).await
}
