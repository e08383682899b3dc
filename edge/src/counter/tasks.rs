//! Counts what waits, one batch at a time.

use super::state::{Counter, Share};
use crate::metrics::Metrics;
use crate::redis::{Backoff, LinkError};
use crate::world::{Script, Store};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

/// Batches start at most this often: under load each gathers more, and Redis is called less.
const GATHER: Duration = Duration::from_millis(2);
/// Sources in one batch: a script holds up all of Redis, this many take about two milliseconds.
const SOURCES_MAX: usize = 2000;
/// How long clicks that wait at a shutdown may take.
const DRAIN: Duration = Duration::from_secs(3);

/// Takes batches from the counter and counts them in Redis.
pub(crate) struct CounterTask {
    counter: Counter,
    store: Store,
    metrics: Metrics,
    add: Script,
}

impl CounterTask {
    pub(crate) fn new(counter: Counter, store: Store, metrics: Metrics) -> Self {
        Self {
            counter,
            store,
            metrics,
            add: Script::new(include_str!("add.lua")),
        }
    }

    /// Runs until stopped, then counts what still waits, for as long as a shutdown may take.
    pub(crate) async fn run(self, stop: CancellationToken) {
        let patience = async {
            stop.cancelled().await;
            tokio::time::sleep(DRAIN).await;
        };
        tokio::select! {
            () = self.count_all(&stop) => {}
            () = patience => error!(
                "Redis is away at shutdown: clicks that were not acknowledged are left to their browsers"
            ),
        }
    }

    /// One batch after the other: a later one must not be counted if an earlier one is given up, or its
    /// clicks, sent again elsewhere, would look like repeats.
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

    /// Counts a batch, however often it takes.
    async fn count(&self, batch: &[Share]) {
        if batch.is_empty() {
            return;
        }
        let mut backoff = Backoff::new();
        loop {
            let started = Instant::now();
            match self.add(batch).await {
                Ok((epoch, rev, clicks, event)) => {
                    // Receipts first: a session must not see a world with its click before it knows.
                    let count = self.counter.settle(batch, epoch, rev, clicks);
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
                        // The presence task registers; the link comes up: both say so themselves.
                    } else {
                        warn!(%error, "Clicks were not counted; trying again");
                    }
                    tokio::time::sleep(backoff.delay()).await;
                    self.store.link().up().await;
                }
            }
        }
    }

    async fn add(&self, batch: &[Share]) -> Result<(u64, u64, i64, String), LinkError> {
        let keys = self.store.keys();
        self.store
            .call(&self.add, |call| {
                for share in batch {
                    let source = share.account.source();
                    let (key, ttl_s) = (keys.click_source(source.as_str()), source.ttl().as_secs());
                    for run in &share.runs {
                        call.key(&key).arg(run.first).arg(&run.signs).arg(ttl_s);
                    }
                }
            })
            .await
    }
}
