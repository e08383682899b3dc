//! Growing, jittered delays between retries.

use rand::RngExt;
use std::time::Duration;

/// The delay before the first retry.
const FIRST: Duration = Duration::from_millis(50);
/// The longest delay: a recovered Redis is noticed within this time.
const LONGEST: Duration = Duration::from_secs(1);

/// Delays that double from 50 ms to one second, each randomised within the upper half so that instances do not reconnect
/// in step.
#[derive(Debug)]
pub(crate) struct Backoff {
    next: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self::new()
    }
}

impl Backoff {
    pub(crate) fn new() -> Self {
        Self { next: FIRST }
    }

    /// Starts over after a success.
    pub(crate) fn reset(&mut self) {
        self.next = FIRST;
    }

    /// The delay before the next retry.
    pub(crate) fn delay(&mut self) -> Duration {
        let delay = self.next.mul_f64(rand::rng().random_range(0.5..1.0));
        self.next = (self.next * 2).min(LONGEST);
        delay
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_to_their_cap_and_start_over() {
        let mut backoff = Backoff::new();

        let delays: Vec<_> = (0..10).map(|_| backoff.delay()).collect();
        backoff.reset();

        assert!(delays[0] < FIRST);
        assert!(delays.iter().all(|delay| *delay < LONGEST));
        assert!(delays[9] >= LONGEST / 2);
        assert!(backoff.delay() < FIRST);
    }
}
