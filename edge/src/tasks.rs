//! The engine's tasks, in two groups.

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Owns every task of an engine. Those that feed Redis end first, so that those that follow it still serve them. A cheap
/// clone.
#[derive(Clone, Default)]
pub(crate) struct Tasks {
    feeders: Group,
    followers: Group,
}

#[derive(Clone, Default)]
struct Group {
    stop: CancellationToken,
    tracker: TaskTracker,
}

impl Tasks {
    /// Runs a task that feeds Redis, until the token is cancelled.
    pub(crate) fn feed<F>(&self, task: impl FnOnce(CancellationToken) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.feeders.spawn(task);
    }

    /// Runs a task that follows Redis, until the token is cancelled.
    pub(crate) fn follow<F>(&self, task: impl FnOnce(CancellationToken) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.followers.spawn(task);
    }

    /// Ends the tasks that feed Redis.
    pub(crate) async fn end_feeders(&self) {
        self.feeders.end().await;
    }

    /// Ends the tasks that follow Redis.
    pub(crate) async fn end_followers(&self) {
        self.followers.end().await;
    }
}

impl Group {
    fn spawn<F>(&self, task: impl FnOnce(CancellationToken) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.tracker.spawn(task(self.stop.clone()));
    }

    async fn end(&self) {
        self.stop.cancel();
        self.tracker.close();
        self.tracker.wait().await;
    }
}
