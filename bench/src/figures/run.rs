//! Chooses figures and prints their tables.

use super::{
    clicks, deliveries, dispatch, draw, fan_out, first_load, latency, mail, memory, parties, wasm,
};
use crate::cli::Figure;
use crate::machine;
use crate::settings::Settings;
use crate::table::Table;
use anyhow::{bail, ensure};
use tokio::signal::unix::{SignalKind, signal};

/// The figures in the order in which `all` takes them.
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

/// Measures a figure, or all, until done or interrupted, and prints tables as they come.
///
/// # Errors
/// Where one failed; the others are measured all the same.
pub async fn run(figure: Figure, settings: &Settings) -> anyhow::Result<()> {
    let mut terminated = signal(SignalKind::terminate())?;
    tokio::select! {
        outcome = measure_all(figure, settings) => outcome,
        // Returning drops, and so ends, whatever runs.
        _ = tokio::signal::ctrl_c() => bail!("interrupted"),
        _ = terminated.recv() => bail!("terminated"),
    }
}

async fn measure_all(figure: Figure, settings: &Settings) -> anyhow::Result<()> {
    println!("{}", conditions(settings));
    let mut failed = 0;
    for chosen in ALL
        .into_iter()
        .filter(|&one| figure == Figure::All || one == figure)
    {
        match measure(chosen, settings).await {
            Ok(tables) => tables.iter().for_each(|table| println!("{table}")),
            Err(error) => {
                failed += 1;
                eprintln!("{chosen:?} failed: {error:?}");
            }
        }
    }
    ensure!(failed == 0, "{failed} figures failed");
    Ok(())
}

async fn measure(figure: Figure, settings: &Settings) -> anyhow::Result<Vec<Table>> {
    Ok(match figure {
        Figure::FirstLoad => Box::pin(first_load::tables(settings)).await?,
        Figure::FanOut => {
            let fan_out = Box::pin(fan_out::table(settings)).await?;
            vec![fan_out, Box::pin(deliveries::table(settings)).await?]
        }
        Figure::Clicks => vec![Box::pin(clicks::table(settings)).await?],
        Figure::Latency => vec![Box::pin(latency::table(settings)).await?],
        Figure::Memory => vec![Box::pin(memory::table(settings)).await?],
        Figure::Dispatch => vec![Box::pin(dispatch::table(settings)).await?],
        Figure::Parties => Box::pin(parties::tables(settings)).await?,
        Figure::Mail => Box::pin(mail::tables(settings)).await?,
        Figure::Draw => Box::pin(draw::tables(settings)).await?,
        Figure::Wasm => Box::pin(wasm::tables(settings)).await?,
        Figure::All => Vec::new(),
    })
}

/// What the reader must know about all figures.
fn conditions(settings: &Settings) -> String {
    let cores = if settings.pinned {
        "servers, baselines and Redis on core 0, the load on core 1"
    } else {
        "everything on one core, so no figure is comparable"
    };
    format!(
        "{}; loopback only; {cores}; redis-server in memory over TCP, without persistence; rate limits \
         lifted; each figure the median of {} run(s) of {} s.",
        machine::processor(),
        settings.runs,
        settings.window.as_secs()
    )
}
