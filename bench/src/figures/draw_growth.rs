//! What a round of the draw takes as players grow in number.

use super::draw_rounds::{REGIONS, Round, round_bytes, variables, watch};
use crate::cluster::{Cluster, Instance, Plan};
use crate::machine;
use crate::settings::Settings;
use crate::stats::median_of;
use crate::table::{Table, count, figure};
use anyhow::Context;
use std::time::Duration;
use tokio::time::sleep;

/// Players, the rounds that are looked at, and the rest between two in seconds: long enough that all answer from a
/// round before the next begins, and that Redis, which keeps the last minute's, does not hold too many.
const STEPS: [(u32, usize, u64); 4] = [
    (1, 5, 1),
    (1_000_000, 9, 1),
    (10_000_000, 5, 2),
    (100_000_000, 3, 10),
];
/// How long memory may settle after the last round has come: the one before it has just been given back.
const CALM: Duration = Duration::from_secs(2);
/// The steps of a quick run.
const QUICK_STEPS: usize = 3;

/// A row for each number of players.
///
/// # Errors
/// Where something does not start, or a round does not come.
pub(super) async fn table(settings: &Settings) -> anyhow::Result<Table> {
    let mut table = Table::new(
        "draw: as players grow in number",
        &[
            "players",
            "stored, median ms",
            "three instances answer, median ms",
            "worst ms",
            "private MB of an instance",
            "at its peak, resident MB",
            "round in Redis, MB",
            "Redis at its peak, MB",
        ],
    );
    let steps = if settings.runs == 1 {
        &STEPS[..QUICK_STEPS]
    } else {
        &STEPS
    };
    for &(players, rounds, rest_s) in steps {
        let rest = Duration::from_secs(rest_s);
        let variables = variables(players, rest, rest);
        let plan = Plan {
            variables: &variables,
            ..Plan::of(&REGIONS)
        };
        let cluster = Cluster::start(settings, plan).await?;
        let rounds = watch(&cluster, rounds).await;
        let rounds = rounds.with_context(|| format!("rounds of {players} players"))?;
        sleep(CALM).await;
        table.row(row(players, &rounds, &cluster).await?);
    }
    table.note("Redis in memory, each row a cluster of its own; rounds as above, as fast as the settings let them. Memory two seconds after the last of them, the median of the three instances; the peak is since the start. An instance holds the running round, and the next one while it loads it; whoever makes it, no more than a chunk beside. Redis keeps the chunks of a round for a minute after the next has taken its place, so at this pace it holds all rounds of a minute; at the default pace three at most.");
    Ok(table)
}

async fn row(players: u32, rounds: &[Round], cluster: &Cluster) -> anyhow::Result<[String; 8]> {
    let megabytes = |kib: f64| figure(kib * 1024.0 / 1e6);
    let worst = rounds.iter().map(|round| round.answered_ms);
    let memory = |instance: &Instance| -> anyhow::Result<(f64, f64)> {
        Ok((
            machine::private_kib(instance.pid)?,
            machine::peak_kib(instance.pid)?,
        ))
    };
    let memory = cluster
        .instances
        .iter()
        .map(memory)
        .collect::<anyhow::Result<Vec<_>>>()?;
    let redis = cluster.redis.pid().context("redis-server ended")?;
    Ok([
        count(players),
        figure(median_of(rounds, |round| round.made_ms)),
        figure(median_of(rounds, |round| round.answered_ms)),
        figure(worst.fold(0.0, f64::max)),
        megabytes(median_of(&memory, |&(private, _)| private)),
        megabytes(median_of(&memory, |&(_, peak)| peak)),
        figure(round_bytes(cluster).await? / 1e6),
        megabytes(machine::peak_kib(redis)?),
    ])
}
