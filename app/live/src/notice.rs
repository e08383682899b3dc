//! What went wrong a moment ago.

use protocol::Problem;

/// How long a notice stays, in milliseconds: long enough to read two short sentences twice.
const NOTICE_MS: u64 = 7_000;

/// A problem that the visitor should know of, for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    /// What went wrong and what to do.
    pub problem: Problem,
    since_ms: u64,
}

impl Notice {
    /// A notice that begins now.
    pub(crate) fn new(problem: Problem, now_ms: u64) -> Self {
        Self {
            problem,
            since_ms: now_ms,
        }
    }

    /// Whether it has been there long enough.
    pub(crate) fn is_over(&self, now_ms: u64) -> bool {
        now_ms.saturating_sub(self.since_ms) >= NOTICE_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_stays_long_enough_to_be_read() {
        let notice = Notice::new(Problem::new(429, "too-many-clicks", "Too many clicks"), 100);

        assert!(!notice.is_over(7_000));
        assert!(notice.is_over(7_100));
    }
}
