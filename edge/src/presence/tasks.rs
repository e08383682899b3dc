//! Registers this instance in Redis and keeps Redis up to date with who is connected.

use super::state::{Change, Presence};
use crate::config::Limits;
use crate::features::Features;
use crate::redis::{Backoff, LinkError, Script, as_ms, script};
use crate::tasks::Tasks;
use crate::world::WorldStore;
use protocol::{HISTORY_SAMPLES, HISTORY_STEP_MS};
use std::sync::LazyLock;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// Arrivals and departures that are closer together than this are sent together.
const GATHER: Duration = Duration::from_millis(20);
/// The most persons per call: a script blocks all of Redis, and this many take a few milliseconds.
const PERSONS_MAX: usize = 500;

/// A script that reads or changes the registry.
macro_rules! registry_script {
    ($file:literal) => {
        LazyLock::new(|| {
            script!(
                "../redis/time.lua",
                "../world/prelude.lua",
                "../party/prelude.lua",
                "registry.lua",
                $file,
            )
        })
    };
}

static BEAT: LazyLock<Script> = registry_script!("beat.lua");
static UPDATE: LazyLock<Script> = registry_script!("update.lua");
static LEAVE: LazyLock<Script> = registry_script!("leave.lua");

/// What `beat.lua` returns.
type Beaten = (u64, u64, u64, String, bool, bool, u32);

/// Registers, sends heartbeats and changes, and removes what has expired.
pub(crate) struct PresenceTask {
    presence: Presence,
    store: WorldStore,
    features: Features,
    limits: Limits,
    /// The number of the newest `update` call. Numbers grow, so that Redis can tell which call is late.
    calls: u64,
    /// The newest call that Redis has answered; 0 while this instance is not registered.
    answered: u64,
    /// The number of connections that Redis knows, and whether it lists this instance; `None` if a failed call left that
    /// open.
    sent: Option<(u32, bool)>,
}

impl PresenceTask {
    /// Starts to maintain this instance's entry in the registry.
    pub(crate) fn start(
        tasks: &Tasks,
        presence: &Presence,
        store: &WorldStore,
        features: &Features,
        limits: &Limits,
    ) {
        let task = Self {
            presence: presence.clone(),
            store: store.clone(),
            features: features.clone(),
            limits: *limits,
            calls: 0,
            answered: 0,
            sent: None,
        };
        tasks.feeders.spawn(|stop| task.run(stop));
    }

    async fn run(mut self, stop: CancellationToken) {
        let mut heartbeats = interval(self.limits.beat_every);
        heartbeats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut backoff = Backoff::new();
        loop {
            let outcome = tokio::select! {
                // Heartbeats first, so that a rush of visitors does not make the instance look dead.
                biased;
                () = stop.cancelled() => break,
                _ = heartbeats.tick() => {
                    let outcome = self.beat().await;
                    // Count from the end: if a heartbeat takes longer than the interval, changes still get a turn.
                    heartbeats.reset();
                    outcome
                }
                () = self.presence.changed() => self.send_changes(&stop).await,
            };
            match outcome {
                Ok(()) => backoff.reset(),
                Err(error) => {
                    self.store.link().writes().fail(&error);
                    if !error.stores_nothing() && !matches!(error, LinkError::Away) {
                        warn!(%error, "Failed to update this instance's presence; retrying");
                    }
                    let wait = async {
                        self.say_alive(&error).await;
                        tokio::time::sleep(backoff.delay()).await;
                        self.store.link().up().await;
                    };
                    let _pause = stop.run_until_cancelled(wait).await;
                    heartbeats.reset_immediately();
                }
            }
        }
    }

    /// Shows a sign of life after a failed write, if Redis refuses writes but nothing else.
    async fn say_alive(&self, error: &LinkError) {
        let mirror = self.store.mirror();
        match error.refuses_writes() && self.store.say_alive().await.is_ok() {
            true => mirror.watch_signs(),
            false => mirror.stop_watching(),
        }
    }

    /// Removes the instance and its people at shutdown, after the task has ended. If it fails, the other instances will
    /// notice.
    pub(crate) async fn leave(store: &WorldStore) -> Result<(), LinkError> {
        let mut more = true;
        while more {
            let event: String;
            (event, more) = store
                .call(&LEAVE, |call| {
                    call.arg(PERSONS_MAX);
                })
                .await?;
            store.apply_own(&event);
        }
        Ok(())
    }

    async fn beat(&mut self) -> Result<(), LinkError> {
        let started = Instant::now();
        let (mut more, mut idle) = self.send_beat().await?;
        // Not for longer, or the next heartbeat would be late; it continues.
        let time_max = self.limits.beat_every / 2;
        while more && started.elapsed() < time_max {
            (more, idle) = self.send_beat().await?;
        }
        while idle && started.elapsed() < time_max {
            idle = self.features.end_idle().await?;
        }
        Ok(())
    }

    /// Sends a heartbeat and registers if needed. Returns whether there are more people to remove, and idle parties.
    async fn send_beat(&mut self) -> Result<(bool, bool), LinkError> {
        let sent = Instant::now();
        let (limit, idle) = (as_ms(self.limits.beat_limit), self.features.idle_ms());
        let misses = self.features.take_misses();
        let beaten: Result<Beaten, _> = self
            .store
            .call(&BEAT, |call| {
                call.arg(limit).arg(PERSONS_MAX).arg(idle);
                call.arg(HISTORY_STEP_MS).arg(HISTORY_SAMPLES).arg(misses);
            })
            .await;
        // Where the answer was lost they may count twice, which harms nobody.
        let beaten = beaten.inspect_err(|_| self.features.put_back_misses(misses));
        let (known, epoch, rev, event, more, idle, in_cluster) = beaten?;
        self.features.learn_misses(in_cluster);
        self.store.apply_own(&event);
        self.store.mirror().expect(epoch, rev);
        let has_lost = known < self.answered;
        if has_lost {
            // Redis came back empty or older, perhaps without breaking the connection.
            self.store.link().hint_all();
        }
        // Until a registration is answered it is repeated.
        if self.answered == 0 || has_lost {
            self.register().await?;
        }
        // So pages learn whether what is stored will last.
        if self.store.link().is_unconfirmed() {
            return Err(LinkError::Unconfirmed);
        }
        self.store.link().writes().succeed(sent.into_std());
        self.store.mirror().stop_watching();
        Ok((more, idle))
    }

    async fn register(&mut self) -> Result<(), LinkError> {
        self.presence.forget_told();
        while self.send(true).await? {}
        info!(instance.id = self.store.instance(), "Registered");
        Ok(())
    }

    async fn send_changes(&mut self, stop: &CancellationToken) -> Result<(), LinkError> {
        if self.answered == 0 {
            // The next heartbeat registers, and sends everyone.
            return Ok(());
        }
        let started = Instant::now();
        self.send(false).await?;
        let _gathering = stop
            .run_until_cancelled(tokio::time::sleep_until(started + GATHER))
            .await;
        Ok(())
    }

    /// Sends some of the changes; if there are more, [`Presence::changed`] says so. Returns true if Redis is still
    /// removing this instance's former people: register again.
    async fn send(&mut self, register: bool) -> Result<bool, LinkError> {
        let change = self.presence.take_change(PERSONS_MAX);
        if !register && change.is_empty() && self.sent == Some((change.connections, change.listed))
        {
            return Ok(false);
        }
        self.calls += 1;
        let number = self.calls;
        let outcome = self.call_update(number, register, &change).await;
        match &outcome {
            Ok((event, more)) => {
                self.store.apply_own(event);
                if *more {
                    self.presence.put_back(change);
                } else {
                    self.sent = Some((change.connections, change.listed));
                    self.answered = number;
                }
            }
            Err(error) => {
                self.sent = None;
                if error.is_unregistered() {
                    self.answered = 0;
                }
                self.presence.put_back(change);
            }
        }
        outcome.map(|(_, more)| more)
    }

    async fn call_update(
        &self,
        number: u64,
        register: bool,
        change: &Change,
    ) -> Result<(String, bool), LinkError> {
        let place = self.store.place();
        let url = if change.listed { self.store.url() } else { "" };
        let place = serde_json::json!({ "city": place.city, "lat": place.lat, "lng": place.lng });
        self.store
            .call(&UPDATE, |call| {
                call.arg(number)
                    .arg(if register { PERSONS_MAX } else { 0 })
                    .arg(place.to_string())
                    .arg(change.connections)
                    .arg(url)
                    .arg(change.joined.len());
                for person in change.joined.iter().chain(&change.left) {
                    call.arg(person.member());
                }
            })
            .await
    }
}
