//! Runs figures and prints their tables.

use super::{clicks, dispatch, draw, fan_out, first_load, latency, mail, memory, party, wasm};
use crate::cli::Figure;
use crate::machine;
use crate::settings::Settings;
use crate::table::Table;
use anyhow::{bail, ensure};
use tokio::signal::unix::{SignalKind, signal};

/// The figures in the order in which `all` measures them.
const ALL: [Figure; 10] = [
    Figure::Wasm,
    Figure::FirstLoad,
    Figure::Memory,
    Figure::FanOut,
    Figure::Latency,
    Figure::Clicks,
    Figure::Dispatch,
    Figure::Parties,
    Figure::Mail,
    Figure::Draw,
];

/// Measures a figure, or all, and prints tables as they are ready, until done or interrupted.
pub async fn run(figure: Figure, settings: &Settings) -> anyhow::Result<()> {
    let mut terminated = signal(SignalKind::terminate())?;
    tokio::select! {
        outcome = measure_all(figure, settings) => outcome,
        // Returning drops, and so kills, all processes.
        _ = tokio::signal::ctrl_c() => bail!("interrupted"),
        _ = terminated.recv() => bail!("terminated"),
    }
}

async fn measure_all(figure: Figure, settings: &Settings) -> anyhow::Result<()> {
    println!("{}", conditions(settings));
    let mut failed = 0;
    let chosen = |&one: &Figure| figure == Figure::All || one == figure;
    for figure in ALL.into_iter().filter(chosen) {
        match measure(figure, settings).await {
            Ok(tables) => tables.iter().for_each(|table| println!("{table}")),
            Err(error) => {
                failed += 1;
                eprintln!("{figure:?} failed: {error:?}");
            }
        }
    }
    ensure!(failed == 0, "figures that failed: {failed}");
    Ok(())
}

async fn measure(figure: Figure, settings: &Settings) -> anyhow::Result<Vec<Table>> {
    match figure {
        Figure::FirstLoad => Box::pin(first_load::tables(settings)).await,
        Figure::FanOut => Box::pin(fan_out::tables(settings)).await,
        Figure::Clicks => Ok(vec![Box::pin(clicks::table(settings)).await?]),
        Figure::Latency => Ok(vec![Box::pin(latency::table(settings)).await?]),
        Figure::Memory => Ok(vec![Box::pin(memory::table(settings)).await?]),
        Figure::Dispatch => Ok(vec![Box::pin(dispatch::table(settings)).await?]),
        Figure::Parties => Box::pin(party::tables(settings)).await,
        Figure::Mail => Box::pin(mail::tables(settings)).await,
        Figure::Draw => Box::pin(draw::tables(settings)).await,
        Figure::Wasm => Box::pin(wasm::tables(settings)).await,
        Figure::All => Ok(Vec::new()),
    }
}

/// The conditions that all figures share.
fn conditions(settings: &Settings) -> String {
    let cores = if settings.pinned {
        "servers, baselines and Redis on core 0, the load on core 1"
    } else {
        "everything on one core, so the figures are not comparable"
    };
    format!(
        "{}; loopback only; {cores}; redis-server in memory over TCP; rate limits lifted; each figure is the \
         median of {} run(s) of {} s.",
        machine::processor(),
        settings.runs,
        settings.window.as_secs()
    )
}
