//! Sources of clicks, and what is known about their counted clicks.

use super::ClickError;
use crate::sync::lock;
use protocol::{SessionId, Step};
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex};
use std::task::Waker;
use std::time::Instant;
use tokio::sync::watch;

/// The prefix of sources whose click only this instance retries.
const ONCE: &str = "o:";
/// The prefix of idempotency keys.
const KEY: &str = "k:";

/// A source of numbered clicks: a session, or one call of the REST API.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClickSource {
    id: Box<str>,
    /// The step of its single click; `None` for a session.
    step: Option<Step>,
}

impl ClickSource {
    /// A session's clicks.
    #[must_use]
    pub fn session(session: &SessionId) -> Self {
        Self::of(format!("s:{}", session.as_str()))
    }

    /// The single click of an idempotency key; `scope` (the sender) keeps equal keys of others apart.
    #[must_use]
    pub fn idempotency_key(scope: &str, key: &str) -> Self {
        let mut hash = Sha256::new();
        // The length keeps ("a", "bc") and ("ab", "c") apart.
        hash.update(scope.len().to_be_bytes());
        hash.update(scope);
        hash.update(key);
        Self::of(format!("{KEY}{:x}", hash.finalize()))
    }

    /// A single click that only this instance retries.
    #[must_use]
    pub fn once() -> Self {
        Self::of(format!("{ONCE}{:032x}", rand::random::<u128>()))
    }

    fn of(id: String) -> Self {
        let id = id.into();
        Self { id, step: None }
    }

    /// The same source, whose only click has that step. With another step it is a source of its own here, but the same
    /// one in Redis, which counts the first to come and tells the other.
    pub(crate) fn with_only(self, step: Step) -> Self {
        let step = Some(step);
        Self { step, ..self }
    }

    /// What Redis remembers once clicks up to `newest` are counted: that number, or 2 if the only click is a step down.
    pub(super) fn mark(&self, newest: u64) -> u64 {
        newest + u64::from(self.step == Some(Step::Down))
    }

    /// Whether it has only one click.
    pub(super) fn is_single(&self) -> bool {
        self.step.is_some()
    }

    /// Whether nobody but this instance can send its click again.
    pub(super) fn is_once(&self) -> bool {
        self.id.starts_with(ONCE)
    }

    /// Whether it is an idempotency key.
    pub(super) fn is_key(&self) -> bool {
        self.id.starts_with(KEY)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.id
    }
}

/// What is known about a source's counted clicks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// All clicks up to this number have been counted; 0 if none has.
    pub seq: u64,
    /// The epoch of `rev`.
    pub epoch: u64,
    /// The first revision of the world that includes them.
    pub rev: u64,
    /// The region's clicks at that revision.
    pub clicks: i64,
    /// Why the source's only click was not counted.
    pub refused: Option<ClickError>,
}

/// A source's account in the counter, shared by all who add clicks or watch it.
#[derive(Debug)]
pub(crate) struct Account {
    source: ClickSource,
    receipt: watch::Sender<Receipt>,
    /// Sessions to wake at each receipt.
    told: Mutex<Vec<Waker>>,
}

impl Account {
    pub(super) fn new(source: ClickSource) -> Self {
        let receipt = watch::Sender::new(Receipt::default());
        let told = Mutex::default();
        Self {
            source,
            receipt,
            told,
        }
    }

    pub(super) fn source(&self) -> &ClickSource {
        &self.source
    }

    /// The newest receipt.
    pub(crate) fn receipt(&self) -> Receipt {
        *self.receipt.borrow()
    }

    /// Publishes a receipt.
    pub(super) fn settle(&self, receipt: Receipt) {
        self.receipt.send_replace(receipt);
        lock(&self.told).iter().for_each(Waker::wake_by_ref);
    }

    /// Wakes a session at each receipt from now on.
    pub(crate) fn tell(&self, session: Waker) {
        lock(&self.told).push(session);
    }

    /// Wakes it no longer.
    pub(crate) fn tell_no_longer(&self, session: &Waker) {
        lock(&self.told).retain(|told| !told.will_wake(session));
    }

    /// Waits until that click is counted.
    pub(crate) async fn counted(&self, seq: u64) -> Receipt {
        let mut receipts = self.receipt.subscribe();
        match receipts.wait_for(|receipt| receipt.seq >= seq).await {
            Ok(receipt) => *receipt,
            // The sender is `self`: it cannot be gone.
            Err(_) => Receipt::default(),
        }
    }
}

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
    /// How long the oldest of them has waited.
    pub(super) since: Instant,
    pub(super) runs: Vec<Run>,
}

impl SourceClicks {
    /// The number of the newest click.
    pub(super) fn newest(&self) -> u64 {
        self.runs
            .last()
            .map_or(0, |run| run.next().saturating_sub(1))
    }

    /// What they add up to.
    pub(super) fn sum(&self) -> i64 {
        let signs = self.runs.iter().flat_map(|run| run.signs.bytes());
        signs.map(|sign| if sign == b'+' { 1 } else { -1 }).sum()
    }

    /// The number of clicks.
    pub(super) fn size(&self) -> usize {
        self.runs.iter().map(|run| run.signs.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idempotency_keys_of_different_scopes_differ() {
        let key = |scope, key| ClickSource::idempotency_key(scope, key);

        assert_eq!(key("ann", "1"), key("ann", "1"));
        assert_ne!(key("ann", "1"), key("bob", "1"));
        assert_ne!(key("a", "nn1"), key("ann", "1"));
    }
}
