//! Random points and minima.

use rand::distr::{Distribution, Uniform};
use rand::rngs::{StdRng, SysError, SysRng};
use rand::{SeedableRng, TryRng};

/// Why there are no random numbers.
#[derive(Debug, thiserror::Error)]
pub(super) enum DiceError {
    /// The operating system has none.
    #[error("the operating system has no random numbers: {0}")]
    System(#[from] SysError),
    /// No such range.
    #[error("points cannot be drawn: {0}")]
    Range(#[from] rand::distr::uniform::Error),
}

/// Rolls the points of one round, each from 0 to the most with the same chance.
///
/// A cryptographic generator (`rand`'s standard one, ChaCha) with a fresh seed of the operating system, so that nothing
/// follows from the points that all may see; and a distribution without bias (D. Lemire, "Fast Random Integer Generation in an
/// Interval", ACM TOMACS 29, 2019), for 101 does not divide any power of two.
pub(super) struct Dice {
    generator: StdRng,
    range: Uniform<u8>,
}

impl Dice {
    /// Dice for points up to that.
    pub(super) fn new(points_max: u8) -> Result<Self, DiceError> {
        Ok(Self {
            generator: StdRng::try_from_rng(&mut SysRng)?,
            range: Uniform::new_inclusive(0, points_max)?,
        })
    }

    /// The points of so many players.
    pub(super) fn points(&mut self, players: usize) -> Vec<u8> {
        let rolls = self.range.sample_iter(&mut self.generator);
        rolls.take(players).collect()
    }
}

/// A minimum from 0 to the most, of the operating system's own randomness: it shares no generator with what is shown.
pub(super) fn minimum(points_max: u8) -> Result<u8, DiceError> {
    let sides = u32::from(points_max) + 1;
    // The largest multiple that fits: what is beyond would favour small minima.
    let fair = u32::MAX - u32::MAX % sides;
    loop {
        let roll = SysRng.try_next_u32()?;
        if roll < fair {
            return Ok(u8::try_from(roll % sides).unwrap_or(points_max));
        }
    }
}
