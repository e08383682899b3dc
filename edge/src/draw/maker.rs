//! Makes rounds.

use super::dice::{Dice, minimum};
use super::error::TaskError;
use super::head::{CHUNK_PLAYERS, RoundId};
use super::store::{draw_script, number};
use super::{Draw, DrawLimits};
use crate::config::Limits;
use crate::redis::{Backoff, LinkError, Script, as_ms, unreadable};
use std::sync::LazyLock;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// The interval of progress reports, and the time before the first: shorter rounds are done before anybody could look.
const TELL_EVERY: Duration = Duration::from_millis(100);
/// How long a replaced round's chunks are kept for those who are still loading them.
const OLD_KEPT: Duration = Duration::from_secs(60);

static LEAD: LazyLock<Script> = draw_script!("lead.lua");
static WRITE: LazyLock<Script> = draw_script!("write.lua");
static SWITCH: LazyLock<Script> = draw_script!("switch.lua");

/// Makes rounds, unless another instance does.
pub(super) struct MakerTask {
    draw: Draw,
    instance: String,
    /// The lease's duration.
    lease: Duration,
    /// The time between two checks.
    every: Duration,
    limits: DrawLimits,
}

/// An attempt to make a round.
struct Attempt {
    id: RoundId,
    /// When it began, by Redis's clock.
    began_ms: u64,
}

impl MakerTask {
    pub(super) fn new(draw: Draw, instance: String, limits: &Limits) -> Self {
        Self {
            draw,
            instance,
            lease: limits.beat_limit,
            every: limits.beat_every,
            limits: limits.draw,
        }
    }

    pub(super) async fn run(self, stop: CancellationToken) {
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

    /// Takes or renews the lease, and makes a round if one is due. Returns how long to wait.
    async fn look(&self) -> Result<Duration, LinkError> {
        let attempt = match self.ask_for_lease().await?.as_slice() {
            // Another instance holds the lease.
            [] => return Ok(self.every),
            // Checks renew the lease.
            [due] => return Ok(Duration::from_millis(number(due)?).min(self.every)),
            [_, round, fence, began] => Attempt {
                id: RoundId {
                    number: number(round)?,
                    fence: fence.clone(),
                },
                began_ms: number(began)?,
            },
            _ => return Err(unreadable("the draw's lease")),
        };
        // Already now: Redis may lose it before it is loaded here.
        self.draw.note_try(&attempt.id);
        match self.make(&attempt).await {
            Ok(true) => Ok(Duration::ZERO),
            Ok(false) => Ok(self.every),
            Err(error) => {
                if !matches!(error, TaskError::Link(LinkError::Away)) {
                    warn!(%error, "Failed to make a round of the draw; leaving it to another instance");
                }
                self.draw.leave(&self.instance).await?;
                // So that all others check first.
                Ok(self.every * 2)
            }
        }
    }

    /// Takes or renews the lease; what `lead.lua` answers.
    async fn ask_for_lease(&self) -> Result<Vec<String>, LinkError> {
        let known = self.draw.known();
        self.draw
            .call(&LEAD, |call| {
                call.arg(&self.instance).arg(as_ms(self.lease));
                match known.number {
                    Some(number) => call.arg(number),
                    None => call.arg(-1),
                };
                call.arg(known.fence)
                    .arg((self.limits.players as usize).div_ceil(CHUNK_PLAYERS))
                    .arg(as_ms(self.limits.every.max(self.limits.rest)))
                    .arg(known.given);
            })
            .await
    }

    /// Makes a round; false if this attempt has been superseded.
    async fn make(&self, attempt: &Attempt) -> Result<bool, TaskError> {
        if self.write(attempt).await? {
            let minimum = minimum(self.limits.points_max)?;
            // False as well if a chunk is missing.
            let is_running: bool = self
                .draw
                .call(&SWITCH, |call| {
                    call.confirm();
                    call.arg(&attempt.id.fence)
                        .arg(self.limits.players)
                        .arg(self.limits.points_max)
                        .arg(minimum)
                        .arg(attempt.began_ms)
                        .arg(as_ms(self.limits.every))
                        .arg(as_ms(self.limits.rest))
                        .arg(as_ms(OLD_KEPT));
                })
                .await?;
            if is_running {
                self.draw.shared.metrics.rounds_made.inc();
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
    async fn write(&self, attempt: &Attempt) -> Result<bool, TaskError> {
        let mut bulk = self.draw.shared.link.bulk().await?;
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
            let call = self.draw.prepare(&WRITE, |call| {
                call.arg(&self.instance)
                    .arg(as_ms(self.lease))
                    .arg(&attempt.id.fence)
                    .arg(at)
                    .arg(points)
                    .arg(u8::from(tell));
            });
            let is_written: bool = bulk.call(&call).await?;
            if !is_written {
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
