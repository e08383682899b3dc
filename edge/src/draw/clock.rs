//! Redis's clock.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

/// Redis's clock, as far as its last answer tells.
pub(super) struct Clock {
    start: Instant,
    /// What Redis's clock is ahead of the time since the start, in milliseconds.
    ahead_ms: AtomicI64,
}

impl Clock {
    pub(super) fn new() -> Self {
        Self {
            start: Instant::now(),
            ahead_ms: AtomicI64::new(0),
        }
    }

    /// An answer of that time has come.
    pub(super) fn set(&self, now_ms: u64) {
        // As if it had taken no time to come: how long it took is not known, and a clock that is ahead would tell of
        // queries in another second than Redis takes note of. Of the two, each may have begun a millisecond.
        let since = self.since_start_ms(Instant::now()) + 1;
        let now_ms = i64::try_from(now_ms).unwrap_or(i64::MAX);
        self.ahead_ms.store(now_ms - since, Ordering::Release);
    }

    /// The time, in milliseconds since 1970; since the start before the first answer.
    pub(super) fn now_ms(&self) -> u64 {
        let now = self.since_start_ms(Instant::now()) + self.ahead_ms.load(Ordering::Acquire);
        u64::try_from(now).unwrap_or(0)
    }

    fn since_start_ms(&self, now: Instant) -> i64 {
        let since = now.saturating_duration_since(self.start);
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }
}
