//! Growing, jittered delays between retries.

use rand::RngExt;
use std::time::Duration;

/// The delay before the first retry.
const FIRST: Duration = Duration::from_millis(50);
/// The longest delay: a recovered Redis is noticed within this time.
const LONGEST: Duration = Duration::from_secs(1);
/// The longest delay where somebody has to change a setting first.
const LONGEST_IDLE: Duration = Duration::from_secs(30);

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
        self.delay_up_to(LONGEST)
    }

    /// The delay before the next retry of what can only succeed once somebody changes a setting: it grows to 30 s.
    pub(crate) fn idle_delay(&mut self) -> Duration {
        self.delay_up_to(LONGEST_IDLE)
    }

    fn delay_up_to(&mut self, longest: Duration) -> Duration {
        let next = self.next.min(longest);
        self.next = (next * 2).min(longest);
        next.mul_f64(rand::rng().random_range(0.5..1.0))
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

    #[test]
    fn idle_delays_grow_further_and_end_with_the_first_other() {
        let mut backoff = Backoff::new();

        let delays: Vec<_> = (0..20).map(|_| backoff.idle_delay()).collect();

        assert!(delays[0] < FIRST);
        assert!(delays[19] >= LONGEST_IDLE / 2);
        assert!(backoff.delay() < LONGEST);
    }
}
