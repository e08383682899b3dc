//! From a click in one region to the frame in the other.

use crate::cluster::{Cluster, Plan};
use crate::live::{Crowd, Session, click_at, settle};
use crate::settings::Settings;
use crate::stats::{Latencies, median};
use crate::table::{Table, count, figure};
use anyhow::Context;
use std::collections::HashSet;
use std::rc::Rc;
use std::time::Duration;

/// The frame limits to measure: the default, and one that merges hardly anything, as the alternatives
/// did.
const FRAMES_PER_SECOND: [u32; 2] = [20, 1000];
/// Sessions that look when frames come, spread over all.
const WATCHERS: usize = 100;
/// Sessions that click, at most, spread over all.
const CLICKERS: usize = 200;

/// Some sessions, some clicks, and what the alternatives came to.
pub(super) struct Scene {
    pub(super) sessions: usize,
    pub(super) clicks_per_second: f64,
    pub(super) alternatives: [&'static str; 4],
}

const SCENES: [Scene; 4] = [
    Scene {
        sessions: 20,
        clicks_per_second: 1.0,
        alternatives: [""; 4],
    },
    Scene {
        sessions: 200,
        clicks_per_second: 100.0,
        alternatives: ["0.72 / 3.6", "1.2 / 8.1", "1.4 / 8.7", "3.4 / 7.1"],
    },
    Scene {
        sessions: 1_000,
        clicks_per_second: 20.0,
        alternatives: ["2.9 / 14.5", "5.1 / 19", "7.5 / 16", "20 / 32"],
    },
    Scene {
        sessions: 10_000,
        clicks_per_second: 1.0,
        alternatives: [""; 4],
    },
];

/// What one scene came to.
pub(super) struct Outcome {
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
    pub(super) samples: usize,
}

/// A row for each scene and frame limit.
///
/// # Errors
/// Where something does not start, or a frame does not come.
pub async fn table(settings: &Settings) -> anyhow::Result<Table> {
    let mut table = Table::new(
        "latency: click in one region to frame in the other, p50 / p99 ms",
        &[
            "sessions",
            "clicks/s",
            "frames/s at most",
            "Murmuration",
            "samples",
            "Bun",
            "Node ws",
            "Socket.IO",
            "Phoenix",
        ],
    );
    for scene in &SCENES {
        for frames_per_second in FRAMES_PER_SECOND {
            let plan = Plan {
                frames_per_second,
                ..Plan::of(&["ord", "fra"])
            };
            let outcome = measure(settings, plan, scene).await?;
            let ours = format!("{} / {}", figure(outcome.p50_ms), figure(outcome.p99_ms));
            let start = [count(scene.sessions), figure(scene.clicks_per_second)];
            let middle = [count(frames_per_second), ours, count(outcome.samples)];
            let end = scene.alternatives.map(str::to_owned);
            table.row(start.into_iter().chain(middle).chain(end));
        }
    }
    table.note("Aims: median under 5 ms when idle, p99 under 60 ms at 10 000 sessions. Clicks come at random moments from sessions of both regions; a sample is one click and one of the watching sessions of the other region. The other sessions get the same frames but read them a few times a second, so that 10 000 readers on one core do not delay the watchers' clocks. A limit of 20 frames/s merges what comes within 50 ms; at 1000 hardly anything is merged, which is the row to hold against the alternatives.");
    Ok(table)
}

async fn measure(settings: &Settings, plan: Plan<'_>, scene: &Scene) -> anyhow::Result<Outcome> {
    let cluster = Cluster::start(settings, plan).await?;
    let slow = scene.clicks_per_second < 10.0;
    let window = if slow {
        settings.slow_window
    } else {
        settings.window
    };
    play(&cluster, scene, settings.runs, window).await
}

/// Plays a scene on a cluster, some times, each as long as the window says.
///
/// # Errors
/// Where a session is closed, or a frame does not come.
pub(super) async fn play(
    cluster: &Cluster,
    scene: &Scene,
    runs: usize,
    window: Duration,
) -> anyhow::Result<Outcome> {
    let crowd = Crowd::gather(&cluster.places(), scene.sessions).await?;
    cluster
        .agree(|sums| sums.connections == scene.sessions)
        .await?;
    settle(crowd.sessions()).await?;
    let (watchers, clickers) = (crowd.some(WATCHERS), crowd.some(CLICKERS));
    rest(crowd.sessions(), &clickers, &watchers);
    let (mut p50s, mut p99s, mut samples) = (Vec::new(), Vec::new(), 0);
    for _ in 0..runs {
        clickers
            .iter()
            .chain(&watchers)
            .for_each(|session| session.remember());
        click_at(&clickers, scene.clicks_per_second, window).await?;
        settle(crowd.sessions()).await?;
        crowd.tally()?;
        let mut latencies = join(&clickers, &watchers)?;
        p50s.push(latencies.percentile_ms(0.5));
        p99s.push(latencies.percentile_ms(0.99));
        samples += latencies.len();
    }
    Ok(Outcome {
        p50_ms: median(p50s),
        p99_ms: median(p99s),
        samples,
    })
}

/// Lets all doze that neither click nor watch: real browsers do not share one core to read on.
fn rest(all: &[Rc<Session>], clickers: &[Rc<Session>], watchers: &[Rc<Session>]) {
    let busy: HashSet<_> = clickers.iter().chain(watchers).map(Rc::as_ptr).collect();
    let idle = all
        .iter()
        .filter(|&session| !busy.contains(&Rc::as_ptr(session)));
    idle.for_each(|session| session.doze());
}

/// How long each click took to each watcher of another region.
fn join(clickers: &[Rc<Session>], watchers: &[Rc<Session>]) -> anyhow::Result<Latencies> {
    let mut latencies = Latencies::default();
    for clicker in clickers {
        let clicks = clicker.recall(|journal| journal.clicks.clone());
        for watcher in watchers
            .iter()
            .filter(|watcher| watcher.place != clicker.place)
        {
            for click in &clicks {
                let arrival = watcher.recall(|journal| journal.arrival(click.rev));
                let arrival = arrival.context("a click was acknowledged but did not arrive")?;
                latencies.push(arrival.saturating_duration_since(click.sent));
            }
        }
    }
    Ok(latencies)
}
