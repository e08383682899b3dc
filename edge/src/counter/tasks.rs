//! Counts waiting clicks, one batch at a time.

use super::account::{Receipt, SourceClicks};
use super::state::Counter;
use crate::metrics::Metrics;
use crate::redis::{Backoff, LinkError, script};
use crate::tasks::Tasks;
use crate::world::WorldStore;
use redis::Script;
use std::collections::HashSet;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

/// The least time between two batches: under load, batches grow and calls to Redis get fewer.
const GATHER: Duration = Duration::from_millis(2);
/// The most sources per batch: a script blocks all of Redis, and this many take about two milliseconds.
const SOURCES_MAX: usize = 2000;
/// The time limit for counting waiting clicks at shutdown.
const DRAIN: Duration = Duration::from_secs(3);

impl Counter {
    /// Starts counting clicks.
    pub(crate) fn start(&self, tasks: &Tasks, store: &WorldStore, metrics: &Metrics) {
        let task = CounterTask::new(self.clone(), store.clone(), metrics.clone());
        tasks.feeders.spawn(|stop| task.run(stop));
    }
}

/// What `add.lua` returns.
type Added = (u64, u64, i64, String, HashSet<usize>);

/// Takes batches from the counter and counts them in Redis.
struct CounterTask {
    counter: Counter,
    store: WorldStore,
    metrics: Metrics,
    add: Script,
}

impl CounterTask {
    fn new(counter: Counter, store: WorldStore, metrics: Metrics) -> Self {
        Self {
            counter,
            store,
            metrics,
            add: script!("../redis/time.lua", "../world/prelude.lua", "add.lua"),
        }
    }

    /// Runs until stopped, then counts what still waits, within the time limit.
    async fn run(self, stop: CancellationToken) {
        let patience = async {
            stop.cancelled().await;
            tokio::time::sleep(DRAIN).await;
        };
        tokio::select! {
            () = self.count_all(&stop) => {}
            () = patience => error!(
                "Redis is unreachable at shutdown: browsers must resend unacknowledged clicks"
            ),
        }
    }

    /// Counts one batch after the other. If a later one were counted although an earlier one was abandoned, the earlier
    /// clicks, resent elsewhere, would look like retries.
    async fn count_all(&self, stop: &CancellationToken) {
        while stop
            .run_until_cancelled(self.counter.filled())
            .await
            .is_some()
        {
            let next = Instant::now() + GATHER;
            self.count(&self.counter.take(SOURCES_MAX)).await;
            let _gathering = stop.run_until_cancelled(sleep_until(next)).await;
        }
        loop {
            let batch = self.counter.take(SOURCES_MAX);
            if batch.is_empty() {
                break;
            }
            self.count(&batch).await;
        }
    }

    /// Counts a batch, with as many retries as it takes.
    async fn count(&self, batch: &[SourceClicks]) {
        if batch.is_empty() {
            return;
        }
        let mut backoff = Backoff::new();
        loop {
            let started = Instant::now();
            match self.add(batch).await {
                Ok((epoch, rev, clicks, event, others)) => {
                    // Receipts first: a session must not see its click in the world before it is acknowledged.
                    let counted = Receipt {
                        epoch,
                        rev,
                        clicks,
                        ..Receipt::default()
                    };
                    let count = self.counter.settle(batch, counted, &others);
                    self.store.apply_own(&event);
                    self.store.mirror().expect(epoch, rev);
                    self.metrics.clicks.inc_by(count);
                    self.metrics
                        .event_lag
                        .observe(started.elapsed().as_secs_f64());
                    return;
                }
                Err(error) => {
                    if error.is_unregistered() || matches!(error, LinkError::Away) {
                        // The presence task registers and the link reconnects; both log that themselves.
                    } else {
                        warn!(%error, "Failed to count clicks; retrying");
                    }
                    tokio::time::sleep(backoff.delay()).await;
                    self.store.link().up().await;
                }
            }
        }
    }

    async fn add(&self, batch: &[SourceClicks]) -> Result<Added, LinkError> {
        let keys = self.store.keys();
        self.store
            .call(&self.add, |call| {
                for share in batch {
                    let source = share.account.source();
                    let (key, ttl_s) = (keys.click_source(source.as_str()), source.ttl().as_secs());
                    for run in &share.runs {
                        call.key(&key).arg(run.first).arg(&run.signs);
                        call.arg(source.mark(run.next() - 1)).arg(ttl_s);
                    }
                }
            })
            .await
    }
}
