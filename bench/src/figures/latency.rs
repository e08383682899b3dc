//! The time from a click in one region to the frame in the other.

use crate::cluster::{Cluster, Plan};
use crate::live::{Crowd, Session, click_at, settle};
use crate::settings::Settings;
use crate::stats::{Latencies, median};
use crate::table::{Table, count, figure};
use anyhow::Context;
use std::collections::HashSet;
use std::rc::Rc;
use std::time::Duration;

/// The frame limits: the default, and one that merges hardly anything.
const FRAMES_PER_SECOND: [u32; 2] = [20, 1000];
/// Sessions that record when frames arrive.
const WATCHERS: usize = 100;
/// Sessions that click, at most.
const CLICKERS: usize = 200;
/// Below this rate of clicks, a run takes longer.
const SLOW_CLICKS_PER_SECOND: f64 = 10.0;

/// Sessions, and their clicks per second.
const SCENES: [(usize, f64); 4] = [(20, 1.0), (200, 100.0), (1_000, 20.0), (10_000, 1.0)];

/// The medians of several runs of a scene.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outcome {
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
    /// The samples of all runs.
    pub(super) samples: u64,
}

/// A row for each scene and frame limit.
pub async fn table(settings: &Settings) -> anyhow::Result<Table> {
    let mut table = Table::new(
        "latency: click in one region to frame in the other",
        "sessions | clicks/s | frames/s at most | p50 ms | p99 ms | samples",
    );
    for (sessions, clicks_per_second) in SCENES {
        for frames_per_second in FRAMES_PER_SECOND {
            let plan = Plan {
                frames_per_second,
                ..Plan::of(&["ord", "fra"])
            };
            let cluster = Cluster::start(settings, plan).await?;
            let window = match clicks_per_second < SLOW_CLICKS_PER_SECOND {
                true => settings.slow_window,
                false => settings.window,
            };
            let crowd = open_crowd(&cluster, sessions).await?;
            let outcome = measure(&crowd, clicks_per_second, settings.runs, window).await?;
            table.row([
                count(sessions),
                figure(clicks_per_second),
                count(frames_per_second),
                figure(outcome.p50_ms),
                figure(outcome.p99_ms),
                count(outcome.samples),
            ]);
        }
    }
    table.note("Goals: median under 5 ms when idle, p99 under 60 ms at 10 000 sessions. Clicks come at random moments from sessions of both regions; a sample is one click and one of the watching sessions of the other region. The other sessions get the same frames but read them a few times a second, so that 10 000 readers on one core do not delay the watchers' clocks. A limit of 20 frames/s merges what comes within 50 ms; at 1000 hardly anything is merged.");
    Ok(table)
}

/// Opens sessions and waits until all servers know them.
pub(super) async fn open_crowd(cluster: &Cluster, sessions: usize) -> anyhow::Result<Crowd> {
    let crowd = Crowd::open(&cluster.addresses(), sessions).await?;
    cluster
        .wait_for(|world| world.connections == sessions)
        .await?;
    settle(crowd.sessions()).await?;
    Ok(crowd)
}

/// Measures some runs of clicks at this rate, each as long as the window says.
pub(super) async fn measure(
    crowd: &Crowd,
    clicks_per_second: f64,
    runs: usize,
    window: Duration,
) -> anyhow::Result<Outcome> {
    let (watchers, clickers) = (crowd.some(WATCHERS), crowd.some(CLICKERS));
    let busy: HashSet<_> = clickers.iter().chain(&watchers).map(Rc::as_ptr).collect();
    for session in crowd.sessions() {
        if !busy.contains(&Rc::as_ptr(session)) {
            session.be_lazy();
        }
    }
    let (mut p50s, mut p99s, mut samples) = (Vec::new(), Vec::new(), 0);
    for _ in 0..runs {
        for session in clickers.iter().chain(&watchers) {
            session.start_journal();
        }
        click_at(&clickers, clicks_per_second, window).await;
        settle(crowd.sessions()).await?;
        crowd.check()?;
        let latencies = latencies(&clickers, &watchers)?;
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

/// How long each click took to each watcher of another region.
fn latencies(clickers: &[Rc<Session>], watchers: &[Rc<Session>]) -> anyhow::Result<Latencies> {
    let mut latencies = Latencies::new()?;
    for clicker in clickers {
        let clicks = clicker.journal(|journal| journal.clicks.clone());
        let elsewhere = |watcher: &&Rc<Session>| watcher.server != clicker.server;
        for watcher in watchers.iter().filter(elsewhere) {
            for click in &clicks {
                let arrival = watcher.journal(|journal| journal.arrival(click.rev));
                let arrival = arrival.context("an acknowledged click did not arrive")?;
                latencies.record(arrival.saturating_duration_since(click.sent));
            }
        }
    }
    Ok(latencies)
}
