//! What happened, how long it took to recover, and which promises were broken.

use super::fault::Fault;
use super::promise::Violation;
use super::run::Trial;
use crate::cluster::Kind;
use crate::stats::median;
use crate::table::{Table, count, figure};
use std::collections::BTreeMap;
use std::time::Duration;

/// What happened so far.
#[derive(Debug)]
pub struct Report {
    pub seed: u64,
    rows: BTreeMap<(Kind, Fault), Row>,
    kills: u32,
    pub violations: usize,
    gone: Vec<f64>,
    clicks: u64,
    party_changes: u64,
    chat_messages: u64,
    letters: u64,
}

/// A fault, as often as it happened to one kind of Redis.
#[derive(Debug, Default)]
struct Row {
    recovered: Vec<f64>,
    violations: usize,
}

impl Report {
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            rows: BTreeMap::new(),
            kills: 0,
            violations: 0,
            gone: Vec::new(),
            clicks: 0,
            party_changes: 0,
            chat_messages: 0,
            letters: 0,
        }
    }

    /// A fault is over. Violations are printed at once.
    pub fn add(
        &mut self,
        kind: Kind,
        fault: Fault,
        recovered: Duration,
        violations: Vec<Violation>,
    ) {
        self.kills += fault.kills();
        self.violations += violations.len();
        let row = self.rows.entry((kind, fault)).or_default();
        row.recovered.push(recovered.as_secs_f64());
        row.violations += violations.len();
        let seconds = recovered.as_secs_f64();
        eprintln!("{}: {}: {seconds:.2} s", kind.name(), fault.name());
        for violation in violations {
            eprintln!("  {violation}");
        }
    }

    /// One kind of Redis is done.
    pub fn finish(&mut self, trial: &Trial<'_>) {
        let seconds = trial.gone.iter().map(Duration::as_secs_f64);
        self.gone.extend(seconds);
        let done = &trial.shared.done;
        self.clicks += trial.shared.ledger.borrow().acknowledged;
        self.party_changes += done.party_changes.get();
        self.chat_messages += done.chat_messages.get();
        self.letters += done.letters.get();
    }

    /// The table.
    pub fn table(&self) -> Table {
        let mut table = Table::new(
            format!("faults, seed {}", self.seed),
            "Redis | fault | times | recovered in, median s | worst s | violations",
        );
        for ((kind, fault), row) in &self.rows {
            table.row([
                kind.name().to_owned(),
                fault.name().to_owned(),
                count(row.recovered.len()),
                figure(median(row.recovered.clone())),
                figure(worst(&row.recovered)),
                count(row.violations),
            ]);
        }
        table.note(format!(
            "{} faults, with {} processes killed. Acknowledged, and there exactly once unless violations say otherwise: {} \
             clicks, {} changes of parties, {} chat messages, {} letters. A killed instance was shown for {} s (median), {} s \
             (worst).",
            count(self.rows.values().map(|row| row.recovered.len()).sum::<usize>()),
            count(self.kills),
            count(self.clicks),
            count(self.party_changes),
            count(self.chat_messages),
            count(self.letters),
            figure(median(self.gone.clone())),
            figure(worst(&self.gone)),
        ));
        table.note(
            "Recovered: every instance counts clicks again, and every session has had an acknowledgement for a click that it \
             sent since. Measured from the kill, from the moment connections were dropped or a slot began to move, and where a \
             pause lasts until another node has taken over; everything else from the end of the fault.",
        );
        table
    }
}

fn worst(seconds: &[f64]) -> f64 {
    seconds.iter().copied().fold(0.0, f64::max)
}
