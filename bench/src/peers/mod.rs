//! The same page and clicks on other stacks, held against ours by the same load in one run.
//!
//! The servers are in `bench/peers/`. In each round each server is started anew, warmed up and measured, one after the
//! other; a figure is the median over the rounds. How clicks become visible is measured in the same way for all: the
//! clicks that a frame shows against those that were sent ([`visible`]).

mod contestant;
pub use contestant::{Contestant, Peer};

mod install;

mod floor;
mod idle;
mod pages;
mod visible;

use crate::cli::{Peers, Settings};
use crate::machine;
use crate::stats::medians;
use crate::table::{Table, figure};
use anyhow::Context;
use clap::ValueEnum;
use contestant::Stage;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// From a click to the frame in the other region, and what it costs, at several loads.
    Latency,
    /// As many clicks as can be made visible.
    Saturated,
    /// The memory of an idle session.
    Memory,
    /// `GET /`.
    Page,
    /// What the kernel alone costs.
    Floor,
}

/// Measures the chosen parts with the chosen servers, and prints tables as they are ready.
pub async fn run(chosen: &Peers, settings: &Settings) -> anyhow::Result<()> {
    let contestants = or_all(&chosen.only);
    let stage = Stage::prepare(settings, &contestants).await?;
    println!(
        "{}; loopback only; servers and Redis on core 0, the load on core 1; each figure is the median of {} run(s) of {} s, \
         each with servers of its own that were warmed up.",
        machine::processor(),
        settings.runs,
        settings.window.as_secs()
    );
    for part in or_all(&chosen.part) {
        match part {
            Part::Latency => println!("{}", visible::latency(&stage).await?),
            Part::Saturated => println!("{}", visible::saturated(&stage).await?),
            Part::Memory => println!("{}", idle::table(&stage).await?),
            Part::Page => println!("{}", pages::table(&stage).await?),
            Part::Floor => println!("{}", floor::table(settings).await?),
        }
    }
    Ok(())
}

fn or_all<T: Clone + ValueEnum>(chosen: &[T]) -> Vec<T> {
    let chosen = if chosen.is_empty() {
        T::value_variants()
    } else {
        chosen
    };
    chosen.to_vec()
}

/// Adds a row for each server, of the medians over the rounds; all servers take their turn in each round.
async fn rounds<const N: usize>(
    stage: &Stage<'_>,
    table: &mut Table,
    load: &[String],
    measure: impl AsyncFn(Contestant) -> anyhow::Result<[f64; N]>,
) -> anyhow::Result<()> {
    let mut rounds = Vec::new();
    for _ in 0..stage.settings.runs {
        let mut round = Vec::new();
        for &contestant in &stage.contestants {
            let name = contestant.name();
            let numbers = measure(contestant).await.context(name)?;
            // Single runs, for whoever watches: a table is ready only after all of them.
            eprintln!(
                "{} | {name} | {}",
                load.join(" | "),
                numbers.map(figure).join(" | ")
            );
            round.push(numbers);
        }
        rounds.push(round);
    }
    for (index, contestant) in stage.contestants.iter().enumerate() {
        let numbers = medians(&rounds, |round: &Vec<[f64; N]>| round[index]).map(figure);
        let start = load.iter().cloned().chain([contestant.name().to_owned()]);
        table.row(start.chain(numbers));
    }
    Ok(())
}
