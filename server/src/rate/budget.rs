//! So much over time, and so much at once.

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What budgets are given for.
const MINUTE: Duration = Duration::from_secs(60);

/// So many a second over time, and so many at once.
pub(crate) fn limiter(per_second: u32, at_once: u32) -> DefaultDirectRateLimiter {
    let positive = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
    RateLimiter::direct(Quota::per_second(positive(per_second)).allow_burst(positive(at_once)))
}

/// So many a minute over time, and as many at once. Unlike governor's, it can be looked at without taking
/// from it, and can go into debt.
pub(crate) struct Budget {
    per_minute: f64,
    /// What is left, and as of when.
    left: Mutex<(f64, Instant)>,
}

impl Budget {
    pub(crate) fn new(per_minute: u32) -> Self {
        let per_minute = per_minute.into();
        Self {
            per_minute,
            left: Mutex::new((per_minute, Instant::now())),
        }
    }

    /// Takes that much by then, where at least `least` is left.
    ///
    /// # Errors
    /// The seconds until that will be so, one at least.
    fn take(&self, much: f64, least: f64, now: Instant) -> Result<(), u32> {
        // A poisoned lock guards two numbers that are valid at every step: go on with them.
        let mut state = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let minutes = now.saturating_duration_since(state.1).as_secs_f64() / MINUTE.as_secs_f64();
        let left = (state.0 + minutes * self.per_minute).min(self.per_minute);
        if left >= least {
            *state = (left - much, now);
            return Ok(());
        }
        *state = (left, now);
        let seconds = (least - left) / self.per_minute * MINUTE.as_secs_f64();
        // Positive; what is too large for the type becomes its largest.
        Err(seconds.ceil().max(1.0) as u32)
    }

    /// Takes one.
    ///
    /// # Errors
    /// The seconds until there is one.
    pub(crate) fn take_one(&self) -> Result<(), u32> {
        self.take(1.0, 1.0, Instant::now())
    }

    /// Takes one, be it there or not.
    pub(super) fn owe_one(&self) {
        // Nothing is asked of what is left: it is always taken.
        let _taken = self.take(1.0, f64::NEG_INFINITY, Instant::now());
    }

    /// Looks whether there is one.
    ///
    /// # Errors
    /// The seconds until there is one.
    pub(super) fn has_one(&self) -> Result<(), u32> {
        self.take(0.0, 1.0, Instant::now())
    }

    /// Whether nothing of it is used.
    pub(super) fn is_whole(&self) -> bool {
        self.take(0.0, self.per_minute, Instant::now()).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budgets_come_back_with_time_and_debts_are_paid_first() {
        let budget = Budget::new(60);
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        let has_one = |now| budget.take(0.0, 1.0, now);

        assert_eq!(budget.take(62.0, f64::NEG_INFINITY, start), Ok(()));

        assert_eq!(has_one(after(0)), Err(3));
        assert_eq!(has_one(after(2)), Err(1));
        assert_eq!(has_one(after(4)), Ok(()));
        assert_eq!(
            budget.take(0.0, 61.0, after(3600)),
            Err(1),
            "no more than whole"
        );
    }
}
