//! Whether an answer waits for replicas.

use std::time::Duration;

/// Whether what somebody is told is done waits until replicas of Redis have it (`WAIT` in the documentation of Redis). What
/// they do not confirm in time is not reported as done; it is tried again, and counts once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confirm {
    /// When it waits.
    pub when: ConfirmWhen,
    /// For how many replicas. With one, nothing is lost if the primary dies: the replica that has the most takes its place.
    pub replicas: u32,
    /// For how long at most.
    pub within: Duration,
}

/// When an answer waits for replicas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfirmWhen {
    /// Never: a failover may lose the last moments.
    Never,
    /// While the primary has replicas, and for a while after it lost them.
    Replicated,
    /// Always: without replicas nothing is stored.
    Always,
}

impl Default for Confirm {
    fn default() -> Self {
        Self {
            when: ConfirmWhen::Replicated,
            replicas: 1,
            within: Duration::from_secs(1),
        }
    }
}
