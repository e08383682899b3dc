//! The counter: every click counts once.
//!
//! A click belongs to a [`ClickSource`] (a session, or one idempotency key) and has a number within it. Clicks
//! wait in the [`Counter`]'s bounded buffer, gathered by source into runs. One task takes all that wait
//! and counts them in one script, one call at a time: the next batch gathers meanwhile, so batches grow
//! with load by themselves. The script keeps each source's newest counted number and skips what is not
//! above it, so a batch is called again, unchanged, until it succeeds: after a time-out, a cut, or Redis
//! being away. A browser that comes back on another instance sends again what was not acknowledged, under
//! the same numbers, and the script skips those too.
//!
//! Whoever waits for a source's clicks watches its [`Account`].

mod account;
pub(crate) use account::Account;
pub use account::{ClickSource, Receipt};

mod state;
pub use state::ClickError;
pub(crate) use state::Counter;

mod tasks;
use tasks::CounterTask;

use crate::Metrics;
use crate::tasks::Tasks;
use crate::world::Store;

/// Starts to count what sessions click.
pub(crate) fn start(tasks: &Tasks, counter: &Counter, store: &Store, metrics: &Metrics) {
    let task = CounterTask::new(counter.clone(), store.clone(), metrics.clone());
    tasks.feed(|stop| task.run(stop));
}
