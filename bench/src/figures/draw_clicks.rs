//! What rounds of the draw do to clicks.

use super::draw_rounds::{number, variables};
use super::latency::{Outcome, Scene, play};
use crate::cluster::{Cluster, Plan};
use crate::settings::Settings;
use crate::stats::median_of;
use crate::table::{Table, count, figure};
use std::time::Duration;

/// Who plays.
const PLAYERS: u32 = 1_000_000;
/// The figure of latency has it, too.
const SCENE: Scene = Scene {
    sessions: 10_000,
    clicks_per_second: 1.0,
    alternatives: [""; 4],
};
/// How much longer a run is than those of that figure: one click a second makes few.
const LONGER: u32 = 2;
/// The least rest.
const REST: Duration = Duration::from_secs(1);
/// From round to round: so that none comes to pass meanwhile, and as often as the server can be told.
const PACES: [(&str, Duration); 2] = [
    ("none", Duration::from_secs(86_400)),
    ("one a second", REST),
];

/// One run.
struct Run {
    clicks: Outcome,
    rounds: u64,
}

/// A row for each pace.
///
/// # Errors
/// Where something does not start, or a frame does not come.
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
            count(SCENE.sessions),
            count(PLAYERS)
        ),
        &[
            "rounds",
            "seen in a run",
            "click to frame, p50 ms",
            "p99 ms",
            "worst p99 ms",
            "samples",
        ],
    );
    for ((what, _), runs) in PACES.into_iter().zip(runs) {
        let worst = runs.iter().map(|run| run.clicks.p99_ms);
        let samples: usize = runs.iter().map(|run| run.clicks.samples).sum();
        table.row([
            what.to_owned(),
            figure(median_of(&runs, |run| run.rounds as f64)),
            figure(median_of(&runs, |run| run.clicks.p50_ms)),
            figure(median_of(&runs, |run| run.clicks.p99_ms)),
            figure(worst.fold(0.0, f64::max)),
            count(samples),
        ]);
    }
    table.note(format!("Aim: nothing that can be seen. One click a second, frames and samples as in the figure of latency, of two regions; runs of {} s, with and without rounds in turn, each on a cluster of its own, with few clicks: p99 is nearly the slowest. Both servers and Redis share one core: a round takes from it what it would take from three, and once a second instead of once a minute.", window.as_secs()));
    Ok(table)
}

/// Clicks of one run, and how many rounds came to pass meanwhile.
async fn run(settings: &Settings, every: Duration, window: Duration) -> anyhow::Result<Run> {
    let variables = variables(PLAYERS, every, REST);
    let plan = Plan {
        variables: &variables,
        ..Plan::of(&["ord", "fra"])
    };
    let cluster = Cluster::start(settings, plan).await?;
    let place = cluster.instances[0].place;
    let before = number(place).await?;
    let clicks = play(&cluster, &SCENE, 1, window).await?;
    let rounds = number(place).await? - before;
    Ok(Run { clicks, rounds })
}
