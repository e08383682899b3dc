//! Makes rounds.

use super::dice::{Dice, DiceError, minimum};
use super::head::CHUNK_PLAYERS;
use super::store::{Lead, Leader, Turn};
use super::{Draw, DrawLimits};
use crate::presence::Beats;
use crate::redis::{Backoff, LinkError};
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// A round that takes longer to make than this shows how far it is, from then on as often: others are there before anybody
/// could look.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// Makes rounds, where no other instance does.
pub(crate) struct MakerTask {
    draw: Draw,
    leader: Leader,
    limits: DrawLimits,
    /// The time between two looks.
    every: Duration,
}

/// Why a round was not made.
#[derive(Debug, thiserror::Error)]
enum MakeError {
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error(transparent)]
    Dice(#[from] DiceError),
    #[error("the task that draws points ended")]
    Ended(#[from] tokio::task::JoinError),
}

impl MakerTask {
    pub(crate) fn new(draw: Draw, instance: String, beats: Beats, limits: DrawLimits) -> Self {
        let leader = Leader {
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
                        warn!(%error, "Redis did not say whether a round of the draw is due; trying again");
                    }
                    backoff.delay()
                }
            };
        }
    }

    /// Leads no more, gives up what it makes, and tells of the last query, for a shutdown: the tasks have ended by then.
    pub(crate) async fn leave(draw: &Draw, instance: &str) -> Result<(), LinkError> {
        draw.store().leave(instance).await?;
        draw.store().asked(draw.asked_s()).await
    }

    /// Makes a round if one is due and it is this instance's to make; how long to wait then.
    async fn look(&self) -> Result<Duration, LinkError> {
        let store = self.draw.store();
        let lead = store.lead(&self.leader, self.draw.known(), self.limits);
        match lead.await? {
            Lead::Other => Ok(self.every),
            // Looks hold the lease.
            Lead::Early(due) => Ok(due.min(self.every)),
            Lead::Due(turn) => {
                // Before it is loaded here: Redis may lose it before that.
                self.draw.note_try(&turn.id);
                match self.make(&turn).await {
                    Ok(true) => Ok(Duration::ZERO),
                    Ok(false) => Ok(self.every),
                    Err(error) => {
                        if !matches!(error, MakeError::Link(LinkError::Away)) {
                            warn!(%error, "A round of the draw could not be made; leaving it to others");
                        }
                        store.leave(&self.leader.instance).await?;
                        // All others look before.
                        Ok(self.every * 2)
                    }
                }
            }
        }
    }

    /// Makes a round; false where this try is over.
    async fn make(&self, turn: &Turn) -> Result<bool, MakeError> {
        if self.write(turn).await? {
            let minimum = minimum(self.limits.points_max)?;
            let store = self.draw.store();
            if store.switch(turn, self.limits, minimum).await? {
                self.draw.metrics().draw_rounds_made.inc();
                info!(draw.round = turn.id.number, "Made a round of the draw");
                return Ok(true);
            }
        }
        info!(
            draw.round = turn.id.number,
            "This try at a round of the draw is over"
        );
        Ok(false)
    }

    /// Writes all chunks; false where this try is over.
    async fn write(&self, turn: &Turn) -> Result<bool, MakeError> {
        let mut bulk = self.draw.store().link().bulk().await?;
        let mut dice = match turn.id.number {
            // The first start: nobody has points yet.
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
            let written = store.write(&mut bulk, (&self.leader, turn), chunk, tell);
            if !written.await? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// The points of so many players, by these dice; without any, all have none.
fn roll(mut dice: Option<Dice>, players: usize) -> (Option<Dice>, Vec<u8>) {
    let points = match &mut dice {
        Some(dice) => dice.points(players),
        None => vec![0; players],
    };
    (dice, points)
}
