//! An estimate of Redis's clock.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

/// Redis's clock, estimated from its last answer.
pub(super) struct Clock {
    start: Instant,
    /// The difference between Redis's clock and the time since the start, in milliseconds.
    ahead_ms: AtomicI64,
}

impl Clock {
    pub(super) fn new() -> Self {
        Self {
            start: Instant::now(),
            ahead_ms: AtomicI64::new(0),
        }
    }

    /// Takes the time from an answer.
    pub(super) fn set(&self, now_ms: u64) {
        // Assumes that the answer took no time: how long it took is unknown, and a clock that runs ahead would date
        // queries a second later than Redis does. One millisecond covers rounding of both times.
        let since = self.since_start_ms(Instant::now()) + 1;
        let now_ms = i64::try_from(now_ms).unwrap_or(i64::MAX);
        self.ahead_ms.store(now_ms - since, Ordering::Release);
    }

    /// The time, in milliseconds since 1970; before the first answer, since the start.
    pub(super) fn now_ms(&self) -> u64 {
        let now = self.since_start_ms(Instant::now()) + self.ahead_ms.load(Ordering::Acquire);
        u64::try_from(now).unwrap_or(0)
    }

    fn since_start_ms(&self, now: Instant) -> i64 {
        let since = now.saturating_duration_since(self.start);
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }
}
