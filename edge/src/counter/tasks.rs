//! Counts waiting clicks, one batch at a time.

use super::ClickError;
use super::account::{Receipt, SourceClicks};
use super::state::Counter;
use crate::metrics::Metrics;
use crate::pace::Pace;
use crate::redis::{Backoff, LinkError, Script, script};
use crate::tasks::Tasks;
use crate::world::WorldStore;
use std::collections::HashMap;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

/// What a batch costs at most: one that takes longer waits for a Redis that is far away.
const COST_MAX: Duration = Duration::from_micros(300);
/// The most sources per batch: a script blocks all of Redis, and this many take about two milliseconds.
const SOURCES_MAX: usize = 2000;
/// The time limit for counting waiting clicks at shutdown.
const DRAIN: Duration = Duration::from_secs(3);
/// How long a session's newest counted number is remembered after its last click. A click resent later could count twice:
/// pages resend none that is older than 23 hours.
const SESSION_TTL: Duration = Duration::from_secs(24 * 3600);
/// How long an instance's newest batch is remembered: far longer than it can be ambiguous.
const BATCH_TTL: Duration = Duration::from_secs(24 * 3600);

impl Counter {
    /// Starts counting clicks.
    pub(crate) fn start(
        &self,
        tasks: &Tasks,
        store: &WorldStore,
        keys_for: Duration,
        metrics: &Metrics,
    ) {
        let task = CounterTask {
            counter: self.clone(),
            store: store.clone(),
            keys_for,
            metrics: metrics.clone(),
            add: script!("../redis/time.lua", "../world/prelude.lua", "add.lua"),
        };
        tasks.feeders.spawn(|stop| task.run(stop));
    }
}

/// What `add.lua` returns.
type Added = (u64, u64, i64, String, Vec<usize>, bool);

/// A batch that was counted: the receipt, the event, and which of its sources' only clicks were not, and why.
type Counted = (Receipt, String, HashMap<usize, ClickError>);

/// Takes batches from the counter and counts them in Redis.
struct CounterTask {
    counter: Counter,
    store: WorldStore,
    /// How long an idempotency key is remembered.
    keys_for: Duration,
    metrics: Metrics,
    add: Script,
}

impl CounterTask {
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
        let mut number = 0;
        let mut pace = Pace::new();
        while stop
            .run_until_cancelled(self.counter.filled())
            .await
            .is_some()
        {
            number += 1;
            let started = Instant::now();
            self.count(number, &self.counter.take(SOURCES_MAX)).await;
            // Under load, batches grow and calls to Redis get fewer.
            pace.worked(started.elapsed().min(COST_MAX));
            let _gathering = stop.run_until_cancelled(sleep_until(pace.next())).await;
        }
        loop {
            let batch = self.counter.take(SOURCES_MAX);
            if batch.is_empty() {
                break;
            }
            number += 1;
            self.count(number, &batch).await;
        }
    }

    /// Counts a batch, with as many retries as it takes.
    async fn count(&self, number: u64, batch: &[SourceClicks]) {
        if batch.is_empty() {
            return;
        }
        let mut backoff = Backoff::new();
        let mut is_probe = self.store.mirror().probe(&self.store.place().code, number);
        loop {
            let started = Instant::now();
            match self.add((number, is_probe), batch).await {
                Ok((counted, event, refused)) => {
                    // Receipts first: a session must not see its click in the world before it is acknowledged.
                    let count = self.counter.settle(batch, counted, &refused);
                    self.store.apply_own(&event);
                    self.store.mirror().expect(counted.epoch, counted.rev);
                    self.metrics.clicks.inc_by(count);
                    self.metrics
                        .event_lag
                        .observe(started.elapsed().as_secs_f64());
                    return;
                }
                Err(error) => {
                    if error.stores_nothing() {
                        self.store.link().writes().fail(&error);
                    } else if error.is_unregistered() || matches!(error, LinkError::Away) {
                        // The presence task registers and the link reconnects; both log that themselves.
                    } else {
                        warn!(%error, "Failed to count clicks; retrying");
                    }
                    // Nobody would know which of the calls was confirmed.
                    is_probe = false;
                    tokio::time::sleep(backoff.delay()).await;
                    self.store.link().up().await;
                }
            }
        }
    }

    async fn add(
        &self,
        (number, is_probe): (u64, bool),
        batch: &[SourceClicks],
    ) -> Result<Counted, LinkError> {
        let keys = self.store.keys();
        let (once, known): (Vec<_>, Vec<_>) = batch
            .iter()
            .enumerate()
            .partition(|(_, share)| share.account.source().is_once());
        let sum: i64 = once.iter().map(|(_, share)| share.sum()).sum();
        // Of each run: the position of its share.
        let mut runs = Vec::new();
        let mut late = Vec::new();
        let added: Added = self
            .store
            .call(&self.add, |call| {
                call.confirm();
                call.key(keys.click_batch(self.store.instance()));
                call.arg(number).arg(BATCH_TTL.as_secs()).arg(sum);
                call.arg(is_probe);
                for (at, share) in known {
                    let source = share.account.source();
                    let key = keys.click_source(source.as_str());
                    let ttl = if source.is_key() {
                        self.keys_for
                    } else {
                        SESSION_TTL
                    };
                    let is_late = source.is_key() && share.since.elapsed() >= ttl;
                    for run in &share.runs {
                        let signs = if is_late { "" } else { &run.signs };
                        call.key(&key).arg(run.first).arg(signs);
                        call.arg(source.mark(run.next() - 1)).arg(ttl.as_secs());
                        runs.push((at, source.is_single()));
                    }
                    late.extend(is_late.then_some((at, ClickError::Late)));
                }
            })
            .await?;
        let (epoch, rev, clicks, event, others, is_again) = added;
        // What was counted before was not late then.
        let mut refused: HashMap<_, _> = late.into_iter().filter(|_| !is_again).collect();
        let others = others.into_iter().filter_map(|run| runs.get(run));
        let others = others.filter(|(_, is_single)| *is_single);
        refused.extend(others.map(|(at, _)| (*at, ClickError::KeyReused)));
        let counted = Receipt {
            epoch,
            rev,
            clicks,
            refused: None,
            ..Receipt::default()
        };
        Ok((counted, event, refused))
    }
}
