//! Random points and minima.

use super::error::TaskError;
use rand::distr::{Distribution, Uniform};
use rand::rngs::{StdRng, SysRng};
use rand::{SeedableRng, TryRng};

/// Rolls the points of one round, uniformly from 0 to the maximum.
///
/// It uses a cryptographic generator (`rand`'s standard one, ChaCha) with a fresh seed from the operating system, so that
/// public points predict nothing, and an unbiased distribution (D. Lemire, "Fast Random Integer Generation in an Interval",
/// ACM TOMACS 29, 2019), as 101 does not divide any power of two.
pub(super) struct Dice {
    generator: StdRng,
    range: Uniform<u8>,
}

impl Dice {
    /// Dice for points up to this maximum.
    pub(super) fn new(points_max: u8) -> Result<Self, TaskError> {
        Ok(Self {
            generator: StdRng::try_from_rng(&mut SysRng)?,
            range: Uniform::new_inclusive(0, points_max)?,
        })
    }

    /// The points of this many players.
    pub(super) fn points(&mut self, players: usize) -> Vec<u8> {
        let rolls = self.range.sample_iter(&mut self.generator);
        rolls.take(players).collect()
    }
}

/// A minimum from 0 to the maximum, directly from the operating system: it shares no generator with public numbers.
pub(super) fn minimum(points_max: u8) -> Result<u8, TaskError> {
    let sides = u32::from(points_max) + 1;
    // The largest multiple that fits: values beyond it would favour small minima.
    let fair = u32::MAX - u32::MAX % sides;
    loop {
        let roll = SysRng.try_next_u32()?;
        if roll < fair {
            return Ok(u8::try_from(roll % sides).unwrap_or(points_max));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::tests::assert_even;

    /// The most points to try: the default, powers of two less one and not, and both ends.
    const MOST: [u8; 6] = [0, 1, 2, 100, 127, 255];
    /// Rolls on average for each side of the dice.
    const EACH: usize = 2_000;

    fn tally(points_max: u8, rolls: impl IntoIterator<Item = u8>) -> Vec<u64> {
        let mut tally = vec![0; usize::from(points_max) + 1];
        for roll in rolls {
            tally[usize::from(roll)] += 1;
        }
        tally
    }

    #[test]
    fn all_points_are_as_likely() {
        for most in MOST {
            let mut dice = Dice::new(most).unwrap();

            let points = dice.points(EACH * (usize::from(most) + 1));

            assert_even(&tally(most, points));
        }
    }

    #[test]
    fn all_minima_are_as_likely() {
        for most in MOST {
            let rolls = EACH / 4 * (usize::from(most) + 1);

            let minima = (0..rolls).map(|_| minimum(most).unwrap());

            assert_even(&tally(most, minima));
        }
    }

    #[test]
    fn points_that_follow_each_other_have_nothing_to_do_with_each_other() {
        let mut dice = Dice::new(9).unwrap();
        let points = dice.points(200_000);
        let mut pairs = vec![0; 100];

        for pair in points.chunks_exact(2) {
            pairs[usize::from(pair[0]) * 10 + usize::from(pair[1])] += 1;
        }

        assert_even(&pairs);
    }

    #[test]
    fn no_two_dice_roll_the_same() {
        let [one, other] = [0, 1].map(|_| Dice::new(100).unwrap().points(64));

        assert_ne!(one, other);
    }
}
