//! Rate limits: token buckets.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// How many seconds' worth may come at once, where nothing else is said.
///
/// A page that connects anew sends again up to [`CHANGES_WAITING_MAX`](protocol::CHANGES_WAITING_MAX) changes at once: with the
/// usual rates no more than there is room for.
const BURST_SECONDS: u32 = 4;

/// A token bucket. It can be looked at without taking from it, and can go into debt.
pub struct Budget {
    per_second: f64,
    size: f64,
    /// The tokens left, and as of when.
    left: Mutex<(f64, Instant)>,
}

impl Budget {
    /// So many per second over time, and so many at once.
    pub fn per_second(per_second: u32, at_once: u32) -> Self {
        Self::new(per_second.into(), at_once.max(1).into())
    }

    /// So many per second over time, and what makes some seconds' worth at once.
    pub fn bursting(per_second: u32) -> Self {
        Self::per_second(per_second, per_second.saturating_mul(BURST_SECONDS))
    }

    /// So many per minute over time, and as many at once.
    pub fn per_minute(per_minute: u32) -> Self {
        let size = f64::from(per_minute);
        Self::new(size / 60.0, size)
    }

    fn new(per_second: f64, size: f64) -> Self {
        let left = Mutex::new((size, Instant::now()));
        Self {
            per_second,
            size,
            left,
        }
    }

    /// Takes that many tokens where at least `least` are left.
    ///
    /// # Errors
    /// The seconds until that is so, at least one.
    fn take(&self, count: f64, least: f64, now: Instant) -> Result<(), u32> {
        // A poisoned lock guards two numbers that are valid at every step.
        let mut state = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let elapsed = now.saturating_duration_since(state.1).as_secs_f64();
        let left = (state.0 + elapsed * self.per_second).min(self.size);
        if left >= least {
            *state = (left - count, now);
            return Ok(());
        }
        *state = (left, now);
        let seconds = (least - left) / self.per_second;
        // Positive; what is too large for the type saturates.
        Err(seconds.ceil().max(1.0) as u32)
    }

    /// Takes one token.
    ///
    /// # Errors
    /// The seconds until there is one.
    pub fn take_one(&self) -> Result<(), u32> {
        self.take(1.0, 1.0, Instant::now())
    }

    /// Takes that many tokens, but no more than it holds when full, even where none are left.
    pub fn owe(&self, count: f64) {
        // Nothing is required to be left, so this always succeeds.
        let _taken = self.take(count.min(self.size), f64::NEG_INFINITY, Instant::now());
    }

    /// Looks whether there is a token.
    ///
    /// # Errors
    /// The seconds until there is one.
    pub fn has_one(&self) -> Result<(), u32> {
        self.take(0.0, 1.0, Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn budgets_refill_with_time_and_debts_are_paid_first() {
        let budget = Budget::per_minute(60);
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        let has_one = |now| budget.take(0.0, 1.0, now);

        assert_eq!(budget.take(62.0, f64::NEG_INFINITY, start), Ok(()));

        assert_eq!(has_one(after(0)), Err(3));
        assert_eq!(has_one(after(2)), Err(1));
        assert_eq!(has_one(after(4)), Ok(()));
        let too_many = budget.take(0.0, 61.0, after(3600));
        assert_eq!(too_many, Err(1), "no more than its size");
    }
}
