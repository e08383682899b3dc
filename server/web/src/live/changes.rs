//! What a page's changes of documents do, by whatever way they come.

use super::frames::End;
use super::session::LiveSession;
use crate::config::Rates;
use crate::documents::too_many_changes;
use crate::error::HttpError;
use crate::rate::{Budget, memory};
use protocol::live::{RawJson, ServerFrame};
use std::collections::HashSet;

/// The largest number that a browser can count exactly to.
const SEQ_MAX: u64 = (1 << 53) - 1;
/// How many documents a connection remembers as changed: a page changes few.
const DOCUMENTS_MAX: usize = 64;

/// The changes of one connection.
pub(super) struct Changes {
    rate: Budget,
    /// The topics and keys of documents for which what its changes leave behind is counted.
    counted: HashSet<(String, String)>,
}

impl Changes {
    fn new(rates: &Rates) -> Self {
        Self {
            rate: Budget::bursting(rates.session_changes),
            counted: HashSet::new(),
        }
    }
}

impl LiveSession {
    /// Takes a change. What is not refused at once, the engine answers by itself.
    ///
    /// A refusal concerns that change alone: the later ones are decided for themselves.
    pub(super) fn change(
        &mut self,
        document: (String, String),
        seq: u64,
        change: &RawJson,
    ) -> Result<Option<ServerFrame>, End> {
        if !(1..=SEQ_MAX).contains(&seq) {
            return Err(End::malformed(format!(
                "change numbers are from 1 to {SEQ_MAX}"
            )));
        }
        let taken = self.take(&document, seq, change);
        let (topic, key) = document;
        Ok(taken.err().map(|error| ServerFrame::RefusedChange {
            topic,
            key,
            seq,
            problem: error.into_problem(),
        }))
    }

    fn take(
        &mut self,
        document: &(String, String),
        seq: u64,
        change: &RawJson,
    ) -> Result<(), HttpError> {
        let rates = &self.state.config.rates;
        let changes = self
            .changes
            .get_or_insert_with(|| Box::new(Changes::new(rates)));
        changes.rate.take_one().map_err(too_many_changes)?;
        let budget = self.address.changes.take_one();
        budget.map_err(too_many_changes)?;
        let is_new = !changes.counted.contains(document);
        if is_new {
            memory::leave(&self.state, &self.address, memory::CHANGE)?;
        }
        let (topic, key) = document;
        self.session.change(topic, key, seq, change)?;
        // Known to the engine, so its name and key are short.
        if is_new {
            if changes.counted.len() >= DOCUMENTS_MAX {
                changes.counted.clear();
            }
            changes.counted.insert(document.clone());
        }
        Ok(())
    }
}
