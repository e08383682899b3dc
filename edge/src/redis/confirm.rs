//! Whether an answer waits for a replica.

use std::time::Duration;

/// Whether what somebody is told is done waits until a replica of Redis has it, and for how long at most (`WAIT` in the
/// documentation of Redis). What no replica confirms in time is not reported as done; it is tried again, and counts once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirm {
    /// It never waits: a failover may lose the last moments.
    Never,
    /// It waits while the primary has replicas.
    Replicated(Duration),
    /// It always waits: without a replica nothing is stored.
    Always(Duration),
}

impl Confirm {
    /// The longest wait.
    pub(super) fn within(self) -> Duration {
        match self {
            Self::Never => Duration::ZERO,
            Self::Replicated(within) | Self::Always(within) => within,
        }
    }
}
