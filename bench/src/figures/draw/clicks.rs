//! How rounds of the draw affect the latency of clicks.

use super::rounds::{number, variables};
use crate::cluster::{Cluster, Plan};
use crate::figures::latency::{Outcome, measure, open_crowd};
use crate::settings::Settings;
use crate::stats::median_of;
use crate::table::{Table, count, figure};
use std::time::Duration;

/// The number of players.
const PLAYERS: u32 = 1_000_000;
/// As in the last row of the latency figure.
const SESSIONS: usize = 10_000;
/// As in the last row of the latency figure.
const CLICKS_PER_SECOND: f64 = 1.0;
/// How much longer a run is than those of the latency figure: one click per second gives few samples.
const LONGER: u32 = 2;
/// The shortest pause between two rounds.
const PAUSE: Duration = Duration::from_secs(1);
/// The time from round to round: so long that none begins during a run, and the shortest possible.
const PACES: [(&str, Duration); 2] = [
    ("none", Duration::from_secs(86_400)),
    ("one per second", PAUSE),
];

/// One run.
struct Run {
    clicks: Outcome,
    rounds: u64,
}

/// A row for each pace.
pub(super) async fn table(settings: &Settings) -> anyhow::Result<Table> {
    let window = settings.slow_window * LONGER;
    let mut runs: [Vec<Run>; 2] = Default::default();
    for _ in 0..settings.runs {
        for (runs, (_, every)) in runs.iter_mut().zip(PACES) {
            runs.push(run(settings, every, window).await?);
        }
    }
    let mut table = Table::new(
        format!(
            "draw: clicks at {} sessions during rounds of {} players",
            count(SESSIONS),
            count(PLAYERS)
        ),
        "rounds | in a run | click to frame, p50 ms | p99 ms | worst p99 ms | samples",
    );
    for ((name, _), runs) in PACES.into_iter().zip(runs) {
        let worst = runs.iter().map(|run| run.clicks.p99_ms);
        let samples: u64 = runs.iter().map(|run| run.clicks.samples).sum();
        table.row([
            name.to_owned(),
            figure(median_of(&runs, |run| run.rounds as f64)),
            figure(median_of(&runs, |run| run.clicks.p50_ms)),
            figure(median_of(&runs, |run| run.clicks.p99_ms)),
            figure(worst.fold(0.0, f64::max)),
            count(samples),
        ]);
    }
    table.note(format!("Goal: no visible effect. One click per second, measured as in the latency figure, two regions; runs of {} s, with and without rounds in turn, each on a cluster of its own. With so few clicks p99 is nearly the slowest. Both servers and Redis share one core: a round takes from it what it would take from three, and once a second instead of once a minute.", window.as_secs()));
    Ok(table)
}

/// The clicks of one run, and the number of rounds meanwhile.
async fn run(settings: &Settings, every: Duration, window: Duration) -> anyhow::Result<Run> {
    let variables = variables(PLAYERS, every, PAUSE);
    let plan = Plan {
        variables: &variables,
        ..Plan::of(&["ord", "fra"])
    };
    let cluster = Cluster::start(settings, plan).await?;
    let server = cluster.servers[0].address;
    let crowd = open_crowd(&cluster, SESSIONS).await?;
    let before = number(server).await?;
    let clicks = measure(&crowd, CLICKS_PER_SECOND, 1, window).await?;
    let rounds = number(server).await? - before;
    Ok(Run { clicks, rounds })
}
