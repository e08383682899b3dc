//! Tells Redis that this instance lives and who is here.

use super::state::{Change, Presence};
use crate::config::Limits;
use crate::redis::{Backoff, LinkError};
use crate::world::{Script, Store};
use protocol::{HISTORY_SAMPLES, HISTORY_STEP_MS};
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// Joins and leaves that come closer together are told together.
const GATHER: Duration = Duration::from_millis(20);
/// Persons told in one call: a script holds up all of Redis, this many take under two milliseconds.
const PERSONS_MAX: usize = 500;

/// The task's settings.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Beats {
    /// The time between two beats.
    pub(crate) every: Duration,
    /// How old a beat may be before the instance counts as gone.
    pub(crate) limit: Duration,
}

impl Beats {
    /// Those of an engine's limits.
    pub(crate) fn of(limits: &Limits) -> Self {
        Self {
            every: limits.beat_every,
            limit: limits.beat_limit,
        }
    }
}

/// Registers, beats, tells changes, and leaves.
pub(crate) struct PresenceTask {
    presence: Presence,
    store: Store,
    beats: Beats,
    /// The number of the newest call of `update`: each has its own, so that Redis can tell late ones.
    calls: u64,
    /// The newest call that Redis has answered; 0 while this instance is not registered.
    answered: u64,
    /// The connections that Redis knows of; `None` where a failure left that open.
    told: Option<u32>,
    beat: Script,
    update: Script,
}

impl PresenceTask {
    pub(crate) fn new(presence: Presence, store: Store, beats: Beats) -> Self {
        Self {
            presence,
            store,
            beats,
            calls: 0,
            answered: 0,
            told: None,
            beat: Script::new(include_str!("beat.lua")),
            update: Script::new(include_str!("update.lua")),
        }
    }

    pub(crate) async fn run(mut self, stop: CancellationToken) {
        let mut beats = interval(self.beats.every);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut backoff = Backoff::new();
        loop {
            let outcome = tokio::select! {
                // Beats first: however many come and go, the instance is not to be taken for dead.
                biased;
                () = stop.cancelled() => break,
                _ = beats.tick() => {
                    let beaten = self.beat().await;
                    // Counted from its end: where that takes longer than the interval, people are told of in between.
                    beats.reset();
                    beaten
                }
                () = self.presence.changed() => self.tell(&stop).await,
            };
            match outcome {
                Ok(()) => backoff.reset(),
                Err(error) => {
                    if !matches!(error, LinkError::Away) {
                        warn!(%error, "Redis did not take this instance's presence; trying again");
                    }
                    let wait = async {
                        tokio::time::sleep(backoff.delay()).await;
                        self.store.link().up().await;
                    };
                    let _pause = stop.run_until_cancelled(wait).await;
                    beats.reset_immediately();
                }
            }
        }
    }

    /// Takes the instance off the list, for a shutdown: the task has ended by then.
    pub(crate) async fn leave(store: &Store) -> Result<(), LinkError> {
        let script = Script::new(include_str!("leave.lua"));
        let event: String = store.call(&script, |_| {}).await?;
        store.apply_own(&event);
        Ok(())
    }

    async fn beat(&mut self) -> Result<(), LinkError> {
        let limit = as_ms(self.beats.limit);
        let (known, epoch, rev, event): (u64, u64, u64, String) = self
            .store
            .call(&self.beat, |call| {
                call.arg(limit).arg(HISTORY_STEP_MS).arg(HISTORY_SAMPLES);
            })
            .await?;
        self.store.apply_own(&event);
        self.store.mirror().expect(epoch, rev);
        // It registers until that is answered. And what Redis has answered and knows no more, it has
        // lost: it came back empty or older.
        if self.answered == 0 || known < self.answered {
            self.register().await?;
        }
        Ok(())
    }

    async fn register(&mut self) -> Result<(), LinkError> {
        self.presence.forget_told();
        self.send(true).await?;
        info!(instance.id = self.store.instance(), "Registered");
        Ok(())
    }

    async fn tell(&mut self, stop: &CancellationToken) -> Result<(), LinkError> {
        if self.answered == 0 {
            // The next beat registers with everyone.
            return Ok(());
        }
        let started = Instant::now();
        self.send(false).await?;
        let _gathering = stop
            .run_until_cancelled(tokio::time::sleep_until(started + GATHER))
            .await;
        Ok(())
    }

    /// Tells one part of what changed; where there is more, [`Presence::changed`] says so.
    async fn send(&mut self, register: bool) -> Result<(), LinkError> {
        let change = self.presence.take_change(PERSONS_MAX);
        if !register && change.is_empty() && self.told == Some(change.connections) {
            return Ok(());
        }
        self.calls += 1;
        let number = self.calls;
        let place = self.store.place();
        let place = serde_json::json!({ "city": place.city, "lat": place.lat, "lng": place.lng })
            .to_string();
        let outcome: Result<String, _> = self
            .store
            .call(&self.update, |call| {
                call.arg(number)
                    .arg(u8::from(register))
                    .arg(&place)
                    .arg(change.connections)
                    .arg(self.store.url());
                add_persons(call, &change);
            })
            .await;
        match outcome {
            Ok(event) => {
                self.told = Some(change.connections);
                self.answered = number;
                self.store.apply_own(&event);
                Ok(())
            }
            Err(error) => {
                self.told = None;
                if error.is_unregistered() {
                    self.answered = 0;
                }
                self.presence.put_back(change);
                Err(error)
            }
        }
    }
}

fn add_persons(call: &mut redis::ScriptInvocation<'_>, change: &Change) {
    call.arg(change.joined.len());
    for person in change.joined.iter().chain(&change.left) {
        call.arg(person.member());
    }
}

fn as_ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
