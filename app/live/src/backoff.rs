//! When to try again after a connection was lost.

use protocol::live::close;

/// The longest first delay, in milliseconds.
const FIRST_MS: u64 = 250;
/// The longest delay of all, in milliseconds.
const LONGEST_MS: u64 = 8_000;
/// The longest delay after an instance has shut down, in milliseconds: all its browsers come at once.
pub(super) const RESTART_MS: u64 = 2_000;

/// Delays that grow with every failure, each random from nothing to its bound.
///
/// The whole length is random ("full jitter"), which spreads a crowd of browsers best.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The next delay in milliseconds; `roll` is a random number from 0 to below 1.
    pub(crate) fn next_ms(&mut self, closed_by: Option<u16>, roll: f64) -> u64 {
        let first = self.failures == 0;
        let bound_ms = match closed_by {
            Some(close::RESTART) if first => RESTART_MS,
            _ => FIRST_MS
                .saturating_mul(1 << self.failures.min(16))
                .min(LONGEST_MS),
        };
        self.failures = self.failures.saturating_add(1);
        (bound_ms as f64 * roll) as u64
    }

    /// The connection has proved itself: start over.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_the_longest() {
        let mut backoff = Backoff::default();

        let bounds: Vec<_> = (0..8).map(|_| backoff.next_ms(None, 1.0)).collect();

        assert_eq!(bounds, [250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
    }

    #[test]
    fn a_proven_connection_starts_over() {
        let mut backoff = Backoff::default();
        backoff.next_ms(None, 1.0);

        backoff.reset();

        assert_eq!(backoff.next_ms(None, 0.5), 125);
    }

    #[test]
    fn after_a_restart_the_crowd_spreads_over_two_seconds() {
        let mut backoff = Backoff::default();

        assert_eq!(backoff.next_ms(Some(close::RESTART), 0.75), 1_500);
        assert_eq!(backoff.next_ms(Some(close::RESTART), 1.0), 500);
    }
}
