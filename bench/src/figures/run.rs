//! Runs figures and prints their tables.

use super::{bare, clicks, documents, draw, fan_out, latency, mail, memory, party, replicas, wasm};
use crate::cli::{Figure, Settings};
use crate::machine;
use crate::table::Table;
use anyhow::ensure;
use futures::future::LocalBoxFuture;

/// Measures one table.
type Measure = fn(&Settings) -> LocalBoxFuture<'_, anyhow::Result<Table>>;

/// The tables of all figures, in the order in which `all` measures them.
const TABLES: &[(Figure, Measure)] = &[
    (Figure::Wasm, |s| Box::pin(wasm::table(s, "/"))),
    (Figure::Wasm, |s| Box::pin(wasm::table(s, "/party"))),
    (Figure::Wasm, |s| Box::pin(wasm::table(s, "/mail"))),
    (Figure::Wasm, |s| Box::pin(wasm::table(s, "/draw"))),
    (Figure::FirstLoad, |s| Box::pin(bare::first_load(s))),
    (Figure::FirstLoad, |s| Box::pin(bare::slow_redis(s))),
    (Figure::Memory, |s| Box::pin(memory::table(s))),
    (Figure::FanOut, |s| Box::pin(fan_out::one_instance(s))),
    (Figure::FanOut, |s| Box::pin(fan_out::deliveries(s))),
    (Figure::Latency, |s| Box::pin(latency::table(s))),
    (Figure::Clicks, |s| Box::pin(clicks::table(s))),
    (Figure::Replicas, |s| Box::pin(replicas::table(s))),
    (Figure::Documents, |s| Box::pin(documents::hot(s))),
    (Figure::Documents, |s| Box::pin(documents::many(s))),
    (Figure::Documents, |s| Box::pin(documents::latency(s))),
    (Figure::Documents, |s| Box::pin(documents::memory(s))),
    (Figure::Dispatch, |s| Box::pin(bare::dispatch(s))),
    (Figure::Parties, |s| Box::pin(party::lifetimes(s))),
    (Figure::Parties, |s| Box::pin(party::chat(s))),
    (Figure::Parties, |s| Box::pin(party::growth(s))),
    (Figure::Mail, |s| Box::pin(mail::stored(s))),
    (Figure::Mail, |s| Box::pin(mail::latency(s))),
    (Figure::Mail, |s| Box::pin(mail::pages(s))),
    (Figure::Mail, |s| Box::pin(mail::federation(s))),
    (Figure::Draw, |s| Box::pin(draw::growth(s))),
    (Figure::Draw, |s| Box::pin(bare::max_two(s))),
];

/// Measures a figure, or all, and prints tables as they are ready.
pub async fn run(figure: Figure, settings: &Settings) -> anyhow::Result<()> {
    println!("{}", conditions(settings));
    let mut failed = 0;
    let chosen = |(one, _): &&(Figure, Measure)| figure == Figure::All || *one == figure;
    for (figure, measure) in TABLES.iter().filter(chosen) {
        match measure(settings).await {
            Ok(table) => println!("{table}"),
            Err(error) => {
                failed += 1;
                eprintln!("{figure:?} failed: {error:?}");
            }
        }
    }
    ensure!(failed == 0, "tables that failed: {failed}");
    Ok(())
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
