//! Makes rounds.

use super::dice::{Dice, DiceError, minimum};
use super::head::CHUNK_PLAYERS;
use super::store::{Attempt, LeadOutcome, LeaseHolder};
use super::{Draw, DrawLimits};
use crate::presence::Heartbeats;
use crate::redis::{Backoff, LinkError};
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// The interval of progress reports, and the time before the first: shorter rounds are done before anybody could look.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// Makes rounds, unless another instance does.
pub(crate) struct MakerTask {
    draw: Draw,
    leader: LeaseHolder,
    limits: DrawLimits,
    /// The time between two checks.
    every: Duration,
}

/// Why a round was not made.
#[derive(Debug, thiserror::Error)]
enum MakeError {
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error(transparent)]
    Dice(#[from] DiceError),
    #[error("the task that rolls the points ended")]
    Ended(#[from] tokio::task::JoinError),
}

impl MakerTask {
    pub(crate) fn new(draw: Draw, instance: String, beats: Heartbeats, limits: DrawLimits) -> Self {
        let leader = LeaseHolder {
            instance,
            lease: beats.limit,
        };
        Self {
            draw,
            leader,
            limits,
            every: beats.every,
        }
    }

    pub(crate) async fn run(self, stop: CancellationToken) {
        let mut wait = Duration::ZERO;
        let mut backoff = Backoff::new();
        loop {
            let pause = stop.run_until_cancelled(tokio::time::sleep(wait)).await;
            if pause.is_none() {
                break;
            }
            wait = match stop.run_until_cancelled(self.look()).await {
                None => break,
                Some(Ok(wait)) => {
                    backoff.reset();
                    wait
                }
                Some(Err(error)) => {
                    if !matches!(error, LinkError::Away) {
                        warn!(%error, "Failed to check whether a round of the draw is due; retrying");
                    }
                    backoff.delay()
                }
            };
        }
    }

    /// Releases the lease, abandons an unfinished round and records the last query, at shutdown after the tasks have ended.
    pub(crate) async fn leave(draw: &Draw, instance: &str) -> Result<(), LinkError> {
        draw.store().leave(instance).await?;
        draw.store().asked(draw.asked_s()).await
    }

    /// Makes a round if one is due and this instance holds the lease. Reattempts how long to wait.
    async fn look(&self) -> Result<Duration, LinkError> {
        let store = self.draw.store();
        let lead = store.lead(&self.leader, self.draw.known(), self.limits);
        match lead.await? {
            LeadOutcome::Other => Ok(self.every),
            // Checks renew the lease.
            LeadOutcome::Early(due) => Ok(due.min(self.every)),
            LeadOutcome::Due(attempt) => {
                // Already now: Redis may lose it before it is loaded here.
                self.draw.note_try(&attempt.id);
                match self.make(&attempt).await {
                    Ok(true) => Ok(Duration::ZERO),
                    Ok(false) => Ok(self.every),
                    Err(error) => {
                        if !matches!(error, MakeError::Link(LinkError::Away)) {
                            warn!(%error, "Failed to make a round of the draw; leaving it to another instance");
                        }
                        store.leave(&self.leader.instance).await?;
                        // So that all others check first.
                        Ok(self.every * 2)
                    }
                }
            }
        }
    }

    /// Makes a round; false if this attempt has been superseded.
    async fn make(&self, attempt: &Attempt) -> Result<bool, MakeError> {
        if self.write(attempt).await? {
            let minimum = minimum(self.limits.points_max)?;
            let store = self.draw.store();
            if store.switch(attempt, self.limits, minimum).await? {
                self.draw.metrics().draw_rounds_made.inc();
                info!(draw.round = attempt.id.number, "Made a round of the draw");
                return Ok(true);
            }
        }
        info!(
            draw.round = attempt.id.number,
            "An attempt to make a round of the draw was superseded"
        );
        Ok(false)
    }

    /// Writes all chunks; false if this attempt has been superseded.
    async fn write(&self, attempt: &Attempt) -> Result<bool, MakeError> {
        let mut bulk = self.draw.store().link().bulk().await?;
        let mut dice = match attempt.id.number {
            // The very first round: nobody has points yet.
            0 => None,
            _ => Some(Dice::new(self.limits.points_max)?),
        };
        let players = self.limits.players as usize;
        let mut told = Instant::now();
        for (at, first) in (0..players).step_by(CHUNK_PLAYERS).enumerate() {
            let some = CHUNK_PLAYERS.min(players - first);
            let points;
            (dice, points) = tokio::task::spawn_blocking(move || roll(dice, some)).await?;
            let tell = told.elapsed() >= TELL_EVERY;
            if tell {
                told = Instant::now();
            }
            let chunk = (at, points.as_slice());
            let store = self.draw.store();
            let written = store.write(&mut bulk, (&self.leader, attempt), chunk, tell);
            if !written.await? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Rolls the points of this many players; without dice, all have 0.
fn roll(mut dice: Option<Dice>, players: usize) -> (Option<Dice>, Vec<u8>) {
    let points = match &mut dice {
        Some(dice) => dice.points(players),
        None => vec![0; players],
    };
    (dice, points)
}
