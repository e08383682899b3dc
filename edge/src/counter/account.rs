//! Where clicks come from, and what is known of those that were counted.

use protocol::SessionId;
use sha2::{Digest, Sha256};
use std::time::Duration;
use tokio::sync::watch;

/// Begins the names of sources whose click only this instance sends again.
const ONCE: &str = "o:";
/// How long those are remembered: longer than a call to Redis may be held up by the network.
const ONCE_TTL: Duration = Duration::from_secs(600);
/// How long all others are. A click that is sent again later could count twice; a tab that was asleep for
/// longer has long been closed by its server.
const SOURCE_TTL: Duration = Duration::from_secs(24 * 3600);

/// Where clicks come from and are numbered: a session, or one call of the REST API.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClickSource(Box<str>);

impl ClickSource {
    /// A session's clicks.
    #[must_use]
    pub fn session(session: &SessionId) -> Self {
        Self(format!("s:{}", session.as_str()).into())
    }

    /// The one click of an idempotency key, distinct for each `scope` (who sent it).
    #[must_use]
    pub fn idempotency_key(scope: &str, key: &str) -> Self {
        let mut hash = Sha256::new();
        // The length keeps ("a", "bc") and ("ab", "c") apart.
        hash.update(scope.len().to_be_bytes());
        hash.update(scope);
        hash.update(key);
        Self(format!("k:{:x}", hash.finalize()).into())
    }

    /// One click that nobody will send again but this instance, after a failure.
    #[must_use]
    pub fn once() -> Self {
        Self(format!("{ONCE}{:032x}", rand::random::<u128>()).into())
    }

    /// How long the newest counted number is kept after the last click.
    pub(super) fn ttl(&self) -> Duration {
        if self.0.starts_with(ONCE) {
            ONCE_TTL
        } else {
            SOURCE_TTL
        }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is known of a source's counted clicks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Every click up to this number has been counted; 0 where none has.
    pub seq: u64,
    /// The epoch of `rev`.
    pub epoch: u64,
    /// The revision from which on the world includes them.
    pub rev: u64,
    /// The region's clicks at that revision.
    pub clicks: i64,
}

/// A source's place in the counter, shared by all who feed or watch it.
#[derive(Debug)]
pub(crate) struct Account {
    source: ClickSource,
    receipt: watch::Sender<Receipt>,
}

impl Account {
    pub(super) fn new(source: ClickSource) -> Self {
        let receipt = watch::Sender::new(Receipt::default());
        Self { source, receipt }
    }

    pub(super) fn source(&self) -> &ClickSource {
        &self.source
    }

    /// What is known of it now.
    pub(super) fn receipt(&self) -> Receipt {
        *self.receipt.borrow()
    }

    /// Tells all who watch.
    pub(super) fn settle(&self, receipt: Receipt) {
        self.receipt.send_replace(receipt);
    }

    /// Watches the receipts; the first look shows the present one.
    pub(crate) fn receipts(&self) -> watch::Receiver<Receipt> {
        let mut receipts = self.receipt.subscribe();
        receipts.mark_changed();
        receipts
    }

    /// Waits until that click has been counted.
    pub(crate) async fn counted(&self, seq: u64) -> Receipt {
        let mut receipts = self.receipt.subscribe();
        match receipts.wait_for(|receipt| receipt.seq >= seq).await {
            Ok(receipt) => *receipt,
            // The sender is `self`: it cannot be gone.
            Err(_) => Receipt::default(),
        }
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
