//! The pace of work that is repeated.

use std::time::Duration;
use tokio::time::Instant;

/// The pause after work, as a multiple of what the work took: a seventh of the time at most.
const PAUSE: u32 = 6;
/// How much of its pauses may be owed: what is quiet is done at once, even some times in a row.
const OWED_MAX: Duration = Duration::from_millis(50);

/// Bounds the share of time that some work takes, by pauses after it.
#[derive(Debug)]
pub(crate) struct Pace {
    /// When all pauses will be over.
    rested: Instant,
    /// The last pause, which may always be owed: the second of two changes goes out at once, however long that takes.
    last: Duration,
}

impl Pace {
    pub(crate) fn new() -> Self {
        Self {
            rested: Instant::now(),
            last: Duration::ZERO,
        }
    }

    /// When the work may go on.
    pub(crate) fn next(&self) -> Instant {
        let owed = self.last.max(OWED_MAX);
        self.rested.checked_sub(owed).unwrap_or(self.rested)
    }

    /// Notes work that has just ended.
    pub(crate) fn worked(&mut self, took: Duration) {
        self.last = took * PAUSE;
        self.rested = self.rested.max(Instant::now()) + self.last;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// How long each of some works in a row waits, one after the other.
    async fn waits<const N: usize>(works: [Duration; N]) -> [Duration; N] {
        let mut pace = Pace::new();
        let mut waits = [Duration::ZERO; N];
        for (took, wait) in works.into_iter().zip(&mut waits) {
            *wait = pace.next().saturating_duration_since(Instant::now());
            tokio::time::sleep(*wait + took).await;
            pace.worked(took);
        }
        waits
    }

    #[tokio::test(start_paused = true)]
    async fn a_little_work_waits_for_nothing_and_much_takes_a_seventh_of_the_time() {
        let few = waits([MS; 4]).await;
        assert_eq!(few, [Duration::ZERO; 4]);

        let many = waits([5 * MS; 40]).await;
        assert_eq!(many[..2], [Duration::ZERO; 2]);
        assert_eq!(many[39], 25 * MS, "30 from end to end, of which 5 are work");
    }

    #[tokio::test(start_paused = true)]
    async fn the_second_of_two_long_works_waits_for_nothing() {
        let long = waits([100 * MS; 4]).await;

        assert_eq!(long, [0, 0, 500, 500].map(|ms| ms * MS));
    }
}
