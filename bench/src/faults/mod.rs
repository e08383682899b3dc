//! Faults at random, under load, and whether every promise holds.
//!
//! A [`stage`] of instances and a Redis fails in one way after the other ([`fault`]), while a [`load`] clicks, meets and
//! writes, and remembers what it was told. After each fault the load rests, and all that was acknowledged is compared with
//! what there is ([`promise`], [`ledger`]).

mod promise;

mod ledger;

mod clicker;
mod keys;
mod letters;
mod load;
mod party;

mod stage;

mod fault;
pub use fault::Fault;
mod recovery;

mod report;
use report::Report;

mod run;

use crate::cli::{Faults, Settings};
use crate::machine;
use anyhow::{Context, ensure};
use std::time::Duration;

/// A key of the world: it shows which node serves it.
const WORLD_KEY: &str = "bench{world}:1:meta";

/// Runs all kinds of Redis that were asked for, each for its share of the time, and prints the table.
pub async fn table(faults: &Faults, settings: &Settings) -> anyhow::Result<()> {
    let seed = faults
        .seed
        .unwrap_or_else(|| u64::from(rand::random::<u32>()));
    println!(
        "{}; --seed {seed} repeats the faults.",
        machine::processor()
    );
    let kinds = faults.redis.kinds();
    let span = Duration::from_secs_f64(faults.minutes * 60.0) / u32::try_from(kinds.len())?;
    let mut report = Report::new(seed);
    let mut outcome = Ok(());
    for &kind in kinds {
        outcome = run::run(settings, kind, faults, span, &mut report)
            .await
            .with_context(|| format!("{kind:?}"));
        if outcome.is_err() {
            break;
        }
    }
    println!("{}", report.table());
    outcome?;
    ensure!(report.violations == 0, "violations: {}", report.violations);
    Ok(())
}
