//! Keeps the mirror up to date.

use super::arrivals::Confirmation;
use super::{Event, WorldStore};
use crate::metrics::Metrics;
use crate::redis::{Backoff, Events, Signal};
use protocol::HISTORY_STEP_MS;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

/// How long an early event waits for the missing one: far longer than replies and messages of one connection are apart,
/// far shorter than people notice.
const GAP_MAX: Duration = Duration::from_millis(200);
/// The time between two checks for gaps.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// The most confirmations under way: a region far from Redis has each for a fifth of a second.
const CONFIRMING_MAX: usize = 16;

/// While Redis is unreachable or takes no writes, sessions are told this often how old the numbers are.
const AGE_STEP: Duration = Duration::from_secs(1);

/// Follows the link: snapshots, events, gaps, history.
pub(crate) struct MirrorTask {
    store: WorldStore,
    events: Events,
    /// What other regions confirm of this instance's clicks.
    confirmations: Events,
    /// Confirmations of others' clicks that are under way.
    confirming: JoinSet<()>,
    metrics: Metrics,
    /// Whether a snapshot is needed.
    wanted: bool,
    /// When to try the next one, at the earliest.
    retry_at: Instant,
    backoff: Backoff,
    was_current: bool,
    /// When a change of the numbers' age was last announced.
    announced: Instant,
}

impl MirrorTask {
    pub(crate) fn new(store: WorldStore, events: Events, metrics: Metrics) -> Self {
        let retry_at = Instant::now();
        Self {
            confirmations: store.confirmations(),
            confirming: JoinSet::new(),
            store,
            events,
            metrics,
            wanted: false,
            retry_at,
            backoff: Backoff::new(),
            was_current: false,
            announced: retry_at,
        }
    }

    pub(crate) async fn run(mut self, stop: CancellationToken) {
        let mut looks = interval_at(Instant::now() + LOOK_EVERY, LOOK_EVERY);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let step = Duration::from_millis(HISTORY_STEP_MS);
        let mut samples = interval_at(Instant::now() + step, step);
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                signal = self.events.next() => match signal {
                    Some(Signal::Up) => {
                        // Until now, nobody could be heard.
                        self.store.mirror().stop_watching();
                        self.wanted = true;
                        self.resync(&stop).await;
                    }
                    Some(Signal::Event(payload)) => self.follow(&payload),
                    None => break,
                },
                Some(signal) = self.confirmations.next() => self.hear(signal),
                Some(_) = self.confirming.join_next() => {}
                _ = looks.tick() => self.look(&stop).await,
                _ = samples.tick() => self.store.mirror().sample(),
            }
        }
    }

    async fn look(&mut self, stop: &CancellationToken) {
        let mirror = self.store.mirror();
        mirror.leave_out_silent();
        let current = mirror.age_ms() == 0;
        let grown_older = !current && self.announced.elapsed() >= AGE_STEP;
        if current != self.was_current || grown_older {
            // Pages show the numbers' age.
            mirror.announce();
            self.announced = Instant::now();
            self.was_current = current;
        }
        if mirror.behind_for().is_some_and(|behind| behind > GAP_MAX) && !self.wanted {
            self.metrics.resyncs.inc();
            self.wanted = true;
        }
        self.wanted |= mirror.is_in_doubt();
        if self.wanted && mirror.is_current() && Instant::now() >= self.retry_at {
            self.resync(stop).await;
        }
    }

    fn follow(&mut self, payload: &[u8]) {
        match serde_json::from_slice::<Event>(payload) {
            Ok(event) if event.from == self.store.instance() => {
                self.store.mirror().expect(event.epoch, event.rev)
            }
            Ok(event) => {
                let asked = self.asked(&event);
                self.store.mirror().apply(event);
                if let Some((instance, confirmation)) = asked {
                    self.confirm(instance, confirmation);
                }
            }
            Err(error) => warn!(%error, "Failed to parse an event; is another version running?"),
        }
    }

    /// What this instance is to confirm once it has an event, and to whom.
    fn asked(&self, event: &Event) -> Option<(String, Confirmation)> {
        let here = &self.store.place().code;
        let batch = event.batch?;
        let is_of_others = event.regions.iter().all(|region| region.code != *here);
        let confirmation = Confirmation {
            region: here.clone(),
            batch,
            epoch: event.epoch,
            rev: event.rev,
        };
        (is_of_others && self.store.mirror().speaks_for(here))
            .then(|| (event.from.clone(), confirmation))
    }

    /// Confirms what this instance has, unless too much of that is under way: a figure is not worth more.
    fn confirm(&mut self, instance: String, confirmation: Confirmation) {
        let is_here = self.store.mirror().position() >= (confirmation.epoch, confirmation.rev);
        if !is_here || self.confirming.len() >= CONFIRMING_MAX {
            return;
        }
        let store = self.store.clone();
        self.confirming.spawn(async move {
            if let Err(error) = store.confirm(&instance, &confirmation).await {
                debug!(%error, "Failed to confirm clicks of another region");
            }
        });
    }

    /// Hears of this instance's clicks in another region.
    fn hear(&self, signal: Signal) {
        let Signal::Event(payload) = signal else {
            return;
        };
        match serde_json::from_slice(&payload) {
            Ok(confirmation) => self.store.mirror().arrive(confirmation),
            Err(error) => {
                warn!(%error, "Failed to parse a confirmation; is another version running?")
            }
        }
    }

    /// Reads a snapshot; if that fails, a later check retries.
    async fn resync(&mut self, stop: &CancellationToken) {
        match stop.run_until_cancelled(self.store.snapshot()).await {
            Some(Ok((snapshot, history))) => {
                debug!(world.rev = snapshot.world.rev, "Applied a snapshot");
                self.wanted = false;
                self.backoff.reset();
                self.store.mirror().reset(snapshot, history);
            }
            Some(Err(error)) => {
                warn!(%error, "Failed to read a snapshot of the world; retrying");
                self.retry_at = Instant::now() + self.backoff.delay();
            }
            None => {}
        }
    }
}
