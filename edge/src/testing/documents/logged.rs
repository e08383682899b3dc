//! A document that remembers what was done to it.

use protocol::{Document, Problem};
use serde::{Deserialize, Serialize};

/// A document, and how many changes were applied to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound = "")]
pub(super) struct Logged<D: Document> {
    pub(super) inner: D,
    count: u64,
}

/// A person's part of it, and which of their changes were applied, each with how many had been before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound = "")]
pub(super) struct LoggedOwn<D: Document> {
    pub(super) inner: D::Own,
    pub(super) log: Vec<(u64, u64)>,
}

/// A change with an id of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound = "")]
pub(super) struct LoggedChange<D: Document> {
    pub(super) id: u64,
    pub(super) inner: D::Change,
}

impl<D: Document> LoggedOwn<D> {
    pub(super) fn new(inner: D::Own) -> Self {
        let log = Vec::new();
        Self { inner, log }
    }
}

impl<D: Document> Default for LoggedOwn<D> {
    fn default() -> Self {
        Self::new(D::Own::default())
    }
}

impl<D: Document> Logged<D> {
    pub(super) fn new(inner: D) -> Self {
        Self { inner, count: 0 }
    }
}

impl<D: Document> Document for Logged<D> {
    const NAME: &'static str = D::NAME;
    const MAX_BYTES: usize = D::MAX_BYTES;
    /// Its log may be as long as any.
    const OWN_MAX_BYTES: usize = D::OWN_MAX_BYTES + (1 << 20);
    type Key = D::Key;
    type Own = LoggedOwn<D>;
    type Change = LoggedChange<D>;

    fn apply(&mut self, own: &mut LoggedOwn<D>, change: LoggedChange<D>) -> Result<(), Problem> {
        self.inner.apply(&mut own.inner, change.inner)?;
        own.log.push((self.count, change.id));
        self.count += 1;
        Ok(())
    }

    fn redact(&mut self) {
        self.inner.redact();
    }
}
