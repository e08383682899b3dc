//! Acknowledged clicks a second through two instances, each counted exactly once.

use crate::cluster::{Cluster, Meter, Plan, Span};
use crate::live::{Crowd, Tally, saturate, settle};
use crate::settings::Settings;
use crate::stats::median_of;
use crate::table::{Table, count, figure};
use anyhow::ensure;

/// Sessions, and clicks each keeps outstanding.
const LOADS: [(usize, usize); 4] = [(50, 1_024), (100, 512), (200, 256), (1_000, 1)];

/// What one load came to.
struct Outcome {
    spans: Vec<Span>,
    acknowledged: u64,
    sum: i64,
    change: i64,
    refused: u64,
}

/// A row for each load.
///
/// # Errors
/// Where something does not start, or a click was lost or counted twice.
pub async fn table(settings: &Settings) -> anyhow::Result<Table> {
    let mut table = Table::new(
        "clicks: acknowledged through two instances of two regions",
        &[
            "sessions",
            "outstanding each",
            "clicks/s",
            "server cores",
            "Redis cores",
            "acknowledged",
            "their sum",
            "the world's change",
            "refused",
        ],
    );
    for (sessions, outstanding) in LOADS {
        let outcome = measure(settings, sessions, outstanding).await?;
        let rates: [fn(&Span) -> f64; 3] = [
            |span| span.clicks / span.seconds,
            |span| span.server_cpu / span.seconds,
            |span| span.redis_cpu / span.seconds,
        ];
        let rates = rates.map(|rate| figure(median_of(&outcome.spans, rate)));
        let check = [
            count(outcome.acknowledged),
            count(outcome.sum),
            count(outcome.change),
            count(outcome.refused),
        ];
        let start = [count(sessions), count(outstanding)];
        table.row(start.into_iter().chain(rates).chain(check));
    }
    table.note("Aim: 100 000/s. Sessions that keep many clicks outstanding send many in one packet, and one acknowledgement settles many; with one outstanding, each click is a packet and an acknowledgement of its own. Exactly once: on both instances the world's clicks changed by just the sum of what the sessions had acknowledged (every fourth click is a −1), or this figure fails.");
    Ok(table)
}

async fn measure(
    settings: &Settings,
    sessions: usize,
    outstanding: usize,
) -> anyhow::Result<Outcome> {
    let cluster = Cluster::start(settings, Plan::of(&["ord", "fra"])).await?;
    let crowd = Crowd::gather(&cluster.places(), sessions).await?;
    let before = cluster.sums(0).await?.clicks;
    let meter = Meter::of_cluster(&cluster, &crowd);
    let mut spans = Vec::new();
    for _ in 0..settings.runs {
        let start = meter.read()?;
        saturate(crowd.sessions(), outstanding, settings.window).await?;
        spans.push(meter.since(&start)?);
        settle(crowd.sessions()).await?;
    }
    let tally = crowd.tally()?;
    ensure!(tally.acknowledged > 0, "no click was acknowledged");
    cluster
        .agree(|sums| sums.clicks - before == tally.sum)
        .await?;
    let change = cluster.sums(1).await?.clicks - before;
    let Tally {
        acknowledged,
        sum,
        refused,
        ..
    } = tally;
    Ok(Outcome {
        spans,
        acknowledged,
        sum,
        change,
        refused,
    })
}
