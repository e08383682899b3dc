//! Random numbers for loads.

use std::hash::{BuildHasher, RandomState};

/// Random numbers, cheap and good enough to spread clicks and points (xorshift64).
#[derive(Debug)]
pub struct Dice {
    state: u64,
}

impl Dice {
    /// Seeded anew.
    pub fn new() -> Self {
        Self {
            state: RandomState::new().hash_one(0) | 1,
        }
    }

    /// Above 0, up to 1.
    pub fn roll(&mut self) -> f64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        ((self.state >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    /// A whole number up to that one.
    pub fn roll_up_to(&mut self, most: u8) -> u8 {
        // The cast cuts off: 1 becomes one more than the most.
        let rolled = (self.roll() * (f64::from(most) + 1.0)) as u8;
        rolled.min(most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_up_to_the_most_is_rolled_and_none_above() {
        let mut dice = Dice::new();
        let mut seen = [0; 101];

        for _ in 0..100_000 {
            seen[usize::from(dice.roll_up_to(100))] += 1;
        }

        assert!(seen.iter().all(|&times| times > 500));
    }
}
