//! What a batch consists of.

use super::account::Account;
use std::sync::Arc;

/// Clicks of one source with consecutive numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) first: u64,
    /// One `+` or `-` per click.
    pub(super) signs: String,
}

impl Run {
    /// The number after its last click.
    pub(super) fn next(&self) -> u64 {
        self.first.saturating_add(self.signs.len() as u64)
    }
}

/// One source's clicks in a batch.
#[derive(Debug)]
pub(super) struct SourceClicks {
    pub(super) account: Arc<Account>,
    pub(super) runs: Vec<Run>,
}

impl SourceClicks {
    /// The number of the newest click.
    pub(super) fn newest(&self) -> u64 {
        self.runs
            .last()
            .map_or(0, |run| run.next().saturating_sub(1))
    }

    /// The number of clicks.
    pub(super) fn size(&self) -> usize {
        self.runs.iter().map(|run| run.signs.len()).sum()
    }
}
