//! The engine's tasks.

use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// All tasks of an engine. A cheap clone.
#[derive(Clone, Default)]
pub(crate) struct Tasks {
    /// Those that feed Redis. They end first, so that those that follow it still serve them.
    pub(crate) feeders: TaskGroup,
    /// Those that follow Redis.
    pub(crate) followers: TaskGroup,
}

/// Owns tasks that end together.
#[derive(Clone, Default)]
pub(crate) struct TaskGroup {
    stop: CancellationToken,
    tracker: TaskTracker,
}

impl TaskGroup {
    /// Runs a task until the token is cancelled.
    pub(crate) fn spawn<F>(&self, task: impl FnOnce(CancellationToken) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.tracker.spawn(task(self.stop.clone()));
    }

    /// Whether the tasks are about to end.
    pub(crate) fn is_ending(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Ends the tasks.
    pub(crate) async fn end(&self) {
        self.stop.cancel();
        self.tracker.close();
        self.tracker.wait().await;
    }
}

/// Waits until then; for ever where there is nothing to wait for.
pub(crate) async fn until(then: Option<Instant>) {
    match then {
        Some(then) => sleep_until(then).await,
        None => std::future::pending().await,
    }
}
