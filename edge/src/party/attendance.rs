//! Tells Redis who attends on this instance, and sweeps up after those that do not beat any more.

use super::Parties;
use super::store::Script;
use crate::presence::{Beats, Change, Presence};
use crate::redis::{Backoff, LinkError};
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tracing::warn;

/// Comings and goings that are closer together are told together.
const GATHER: Duration = Duration::from_millis(20);
/// Persons told or forgotten in one call: a script holds up all of Redis, this many take some milliseconds.
const PERSONS_MAX: usize = 500;
/// Parties ended in one call, for the same reason: each may have many participants.
const PARTIES_MAX: usize = 50;

/// The scripts of this task.
struct Scripts {
    register: Script,
    attend: Script,
    beat: Script,
    sweep: Script,
}

/// Registers, beats, sweeps, tells changes, and leaves: as [`crate::presence`] does for the world.
pub(crate) struct AttendanceTask {
    parties: Parties,
    attending: Presence,
    beats: Beats,
    /// How long a party lasts that nobody touches.
    party_ttl: Duration,
    /// The number of the newest call: each has its own, so that Redis can tell late ones.
    calls: u64,
    /// The newest call that Redis has answered; 0 while this instance is not registered.
    answered: u64,
    scripts: Scripts,
}

impl AttendanceTask {
    pub(crate) fn new(parties: Parties, beats: Beats, party_ttl: Duration) -> Self {
        let with_attendance =
            |body: &str| Script::new(&format!("{}\n{body}", include_str!("attendance.lua")));
        let sweep = format!(
            "{}\n{}",
            include_str!("attendance.lua"),
            include_str!("sweep.lua")
        );
        Self {
            attending: parties.attending().clone(),
            parties,
            beats,
            party_ttl,
            calls: 0,
            answered: 0,
            scripts: Scripts {
                register: with_attendance(include_str!("register.lua")),
                attend: with_attendance(include_str!("attend.lua")),
                beat: with_attendance(include_str!("beat.lua")),
                sweep: Script::with_membership(&sweep),
            },
        }
    }

    pub(crate) async fn run(mut self, stop: CancellationToken) {
        let mut beats = interval(self.beats.every);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let attending = self.attending.clone();
        let mut backoff = Backoff::new();
        loop {
            let outcome = tokio::select! {
                // Beats first: however many come and go, the instance is not to be taken for dead.
                biased;
                () = stop.cancelled() => break,
                _ = beats.tick() => self.beat().await,
                () = attending.changed() => self.tell(&stop).await,
            };
            match outcome {
                Ok(()) => backoff.reset(),
                Err(error) => {
                    if !matches!(error, LinkError::Away) {
                        warn!(%error, "Redis did not take who attends parties here; trying again");
                    }
                    let wait = async {
                        tokio::time::sleep(backoff.delay()).await;
                        self.parties.store().link().up().await;
                    };
                    let _pause = stop.run_until_cancelled(wait).await;
                    beats.reset_immediately();
                }
            }
        }
    }

    /// Takes everyone here offline, for a shutdown: the task has ended by then.
    pub(crate) async fn leave(parties: &Parties) -> Result<(), LinkError> {
        let script = Script::new(&format!(
            "{}\n{}",
            include_str!("attendance.lua"),
            include_str!("depart.lua")
        ));
        let mut done = false;
        while !done {
            done = parties
                .store()
                .call(&script, |call| {
                    call.arg(parties.instance()).arg(PERSONS_MAX);
                })
                .await?;
        }
        Ok(())
    }

    async fn beat(&mut self) -> Result<(), LinkError> {
        let started = Instant::now();
        let (limit, ttl) = (as_ms(self.beats.limit), as_ms(self.party_ttl));
        let store = self.parties.store();
        let (known, mut due): (u64, bool) = store
            .call(&self.scripts.beat, |call| {
                call.arg(self.parties.instance()).arg(limit).arg(ttl);
            })
            .await?;
        if known < self.answered {
            // Redis came back empty or older, and perhaps the connection did not break.
            self.parties.reset();
        }
        if self.answered == 0 || known < self.answered {
            self.register().await?;
        }
        // Not for longer: the next beat must come in time, and goes on.
        while due && started.elapsed() < self.beats.every / 2 {
            let store = self.parties.store();
            due = store
                .call(&self.scripts.sweep, |call| {
                    call.arg(limit).arg(ttl).arg(PERSONS_MAX).arg(PARTIES_MAX);
                })
                .await?;
        }
        Ok(())
    }

    async fn register(&mut self) -> Result<(), LinkError> {
        self.attending.forget_told();
        self.answered = 0;
        let mut done = false;
        while !done {
            self.calls += 1;
            let number = self.calls;
            let store = self.parties.store();
            done = store
                .call(&self.scripts.register, |call| {
                    call.arg(self.parties.instance())
                        .arg(number)
                        .arg(PERSONS_MAX);
                })
                .await?;
        }
        self.answered = self.calls;
        self.send().await
    }

    async fn tell(&mut self, stop: &CancellationToken) -> Result<(), LinkError> {
        if self.answered == 0 {
            // The next beat registers, and tells everyone.
            return Ok(());
        }
        let started = Instant::now();
        self.send().await?;
        let _gathering = stop
            .run_until_cancelled(tokio::time::sleep_until(started + GATHER))
            .await;
        Ok(())
    }

    /// Tells one part of what changed; where there is more, [`Presence::changed`] says so.
    async fn send(&mut self) -> Result<(), LinkError> {
        let change = self.attending.take_change(PERSONS_MAX);
        if change.is_empty() {
            return Ok(());
        }
        self.calls += 1;
        let number = self.calls;
        let store = self.parties.store();
        let outcome: Result<bool, _> = store
            .call(&self.scripts.attend, |call| {
                call.arg(self.parties.instance()).arg(number);
                add_persons(call, &change);
            })
            .await;
        match outcome {
            Ok(_) => {
                self.answered = number;
                Ok(())
            }
            Err(error) => {
                if error.is_unregistered() {
                    self.answered = 0;
                }
                self.attending.put_back(change);
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
