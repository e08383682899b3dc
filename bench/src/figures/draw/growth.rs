//! How long a round takes, and its memory, as players grow in number.

use super::rounds::{REGIONS, Round, observe, round_bytes, variables};
use crate::cli::Settings;
use crate::cluster::{Cluster, Kind, Plan};
use crate::machine;
use crate::stats::medians;
use crate::table::{Table, count, figure};
use anyhow::Context;
use std::time::Duration;
use tokio::time::sleep;

/// Players; which Redis; rounds to observe; seconds between two: long enough that all
/// instances answer from a round before the next begins, and that Redis does not keep too many.
type Step = (u32, Kind, usize, u64);

const STEPS: [Step; 5] = [
    (1, Kind::Memory, 5, 1),
    (1_000_000, Kind::Memory, 5, 1),
    (1_000_000, Kind::Durable, 5, 1),
    (10_000_000, Kind::Memory, 5, 2),
    (100_000_000, Kind::Memory, 3, 10),
];
/// The steps of a quick run.
const QUICK_STEPS: usize = 4;
/// How long memory may settle after the last round: the one before it has just been freed.
const PAUSE: Duration = Duration::from_secs(2);

pub(in crate::figures) async fn growth(settings: &Settings) -> anyhow::Result<Table> {
    let mut table = Table::new(
        "draw: rounds as players grow in number",
        "players | Redis | stored, median ms | worst ms | three instances answer, median ms | worst ms | private MB of an instance | its peak, resident MB | round in Redis, MB | Redis at its peak, MB",
    );
    let steps = match settings.runs {
        1 => &STEPS[..QUICK_STEPS],
        _ => &STEPS,
    };
    for &step in steps {
        let row = row(settings, step).await;
        table.row(row.with_context(|| format!("{} players", step.0))?);
    }
    table.note("Goal: under 100 ms for a million. Rounds by Redis's clock, from the start of their work until the last of three instances answers `GET /api/players/1` with the new number, each asked again a millisecond after its answer. They come as fast as the settings allow. Three servers and Redis share one core. Memory is the median of the three instances, two seconds after the last round; peaks are since the start. Redis keeps a round for a minute after the next has replaced it: at this pace many, at the default pace one.");
    Ok(table)
}

async fn row(settings: &Settings, step: Step) -> anyhow::Result<Vec<String>> {
    let (players, redis, rounds, pause_s) = step;
    let pause = Duration::from_secs(pause_s);
    let variables = variables(players, pause, pause);
    let plan = Plan {
        redis,
        variables: &variables,
        ..Plan::of(&REGIONS)
    };
    let cluster = Cluster::start(settings, plan).await?;
    let rounds = observe(&cluster, rounds * settings.runs).await?;
    sleep(PAUSE).await;
    let mut cells = vec![count(players), redis.name().to_owned()];
    let times = |round: &Round| [round.stored_ms, round.answered_ms];
    for (index, median) in medians(&rounds, times).into_iter().enumerate() {
        let worst = rounds.iter().map(|round| times(round)[index]);
        cells.extend([median, worst.fold(0.0, f64::max)].map(figure));
    }
    cells.extend(memory(&cluster).await?);
    Ok(cells)
}

async fn memory(cluster: &Cluster) -> anyhow::Result<[String; 4]> {
    let mut instances = Vec::new();
    for server in &cluster.servers {
        let private = machine::private_kib(server.pid)?;
        instances.push([private, machine::peak_kib(server.pid)?]);
    }
    let [private, peak] = medians(&instances, |&kib| kib);
    let redis = cluster.redis.first().pid().context("redis-server exited")?;
    let megabytes = |kib: f64| figure(kib * 1024.0 / 1e6);
    Ok([
        megabytes(private),
        megabytes(peak),
        figure(round_bytes(cluster).await? / 1e6),
        megabytes(machine::peak_kib(redis)?),
    ])
}
