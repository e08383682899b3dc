//! Runs figures and prints their tables.

use super::{bare, clicks, draw, fan_out, latency, mail, memory, party, wasm};
use crate::cli::Figure;
use crate::cli::Settings;
use crate::machine;
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
        Figure::FirstLoad => Ok(vec![
            Box::pin(bare::first_load(settings)).await?,
            Box::pin(bare::slow_redis(settings)).await?,
        ]),
        Figure::FanOut => Ok(vec![
            Box::pin(fan_out::one_instance(settings)).await?,
            Box::pin(fan_out::deliveries(settings)).await?,
        ]),
        Figure::Clicks => Ok(vec![Box::pin(clicks::table(settings)).await?]),
        Figure::Latency => Ok(vec![Box::pin(latency::table(settings)).await?]),
        Figure::Memory => Ok(vec![Box::pin(memory::table(settings)).await?]),
        Figure::Dispatch => Ok(vec![Box::pin(bare::dispatch(settings)).await?]),
        Figure::Parties => Ok(vec![
            Box::pin(party::lifetimes(settings)).await?,
            Box::pin(party::growth(settings)).await?,
        ]),
        Figure::Mail => Ok(vec![
            Box::pin(mail::stored(settings)).await?,
            Box::pin(mail::latency(settings)).await?,
            Box::pin(mail::pages(settings)).await?,
            Box::pin(mail::federation(settings)).await?,
        ]),
        Figure::Draw => Ok(vec![
            Box::pin(draw::growth(settings)).await?,
            Box::pin(bare::max_two(settings)).await?,
        ]),
        Figure::Wasm => Box::pin(wasm::tables(settings)).await,
        Figure::All => Ok(Vec::new()),
    }
}

/// The conditions that all figures share.
fn conditions(settings: &Settings) -> String {
    format!(
        "{}; loopback only; servers, baselines and Redis on core 0, the load on core 1; redis-server in memory over TCP; rate limits lifted; each figure is the \
         median of {} run(s) of {} s.",
        machine::processor(),
        settings.runs,
        settings.window.as_secs()
    )
}
