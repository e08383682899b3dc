//! The time from a click in one region to the frame in the other.

use super::fan_out::limit;
use crate::cli::Settings;
use crate::cluster::{Cluster, Plan};
use crate::live::{Crowd, Session, click_at, settle};
use crate::stats::{Latencies, medians};
use crate::table::{Table, count, figure};
use anyhow::Context;
use std::collections::HashSet;
use std::rc::Rc;
use std::time::Duration;

/// Sessions that record when frames arrive.
const WATCHERS: usize = 100;
/// Sessions that click, at most.
const CLICKERS: usize = 200;
/// The time between two reads of all others.
const LAZY_PAUSE: Duration = Duration::from_millis(300);
/// Below this rate of clicks, a run takes longer.
const SLOW_CLICKS_PER_SECOND: f64 = 10.0;

/// Sessions, their clicks per second, the frame limit, and the seconds from one round of the draw to the next. There is
/// no limit by default, and rounds come once a minute.
const LOADS: [(usize, f64, Option<u32>, u64); 6] = [
    (20, 1.0, None, 60),
    (200, 100.0, None, 60),
    (200, 100.0, Some(20), 60),
    (1_000, 20.0, None, 60),
    (10_000, 1.0, None, 60),
    (10_000, 1.0, None, 1),
];

/// A row for each load.
pub async fn table(settings: &Settings) -> anyhow::Result<Table> {
    let mut table = Table::new(
        "latency: click in one region to frame in the other",
        "sessions | clicks/s | frames/s at most | seconds between rounds of the draw | p50 ms | p99 ms | samples",
    );
    for (sessions, clicks_per_second, frames_per_second, round_s) in LOADS {
        let variables = [
            ("DRAW_EVERY_SECONDS", round_s.to_string()),
            ("DRAW_REST_SECONDS", "1".to_owned()),
        ];
        let plan = Plan {
            frames_per_second,
            variables: &variables,
            ..Plan::of(&["ord", "fra"])
        };
        let cluster = Cluster::start(settings, plan).await?;
        let crowd = open_crowd(&cluster, sessions).await?;
        let outcome = measure(settings, &crowd, clicks_per_second).await?;
        let start = [count(sessions), figure(clicks_per_second)];
        let limits = [limit(frames_per_second), count(round_s)];
        table.row(start.into_iter().chain(limits).chain(outcome));
    }
    table.note("Goals: median under 5 ms when idle, p99 under 60 ms at 10 000 sessions, no visible effect of the draw's rounds. Clicks come at random moments from sessions of both regions; a sample is one click and one of the watching sessions of the other region. The other sessions get the same frames but read them a few times a second, so that 10 000 readers on one core do not delay the watchers' clocks. A limit of 20 frames/s merges what comes within 50 ms.");
    Ok(table)
}

/// Opens sessions and waits until all servers know them.
pub(super) async fn open_crowd(cluster: &Cluster, sessions: usize) -> anyhow::Result<Crowd> {
    let crowd = Crowd::open(&cluster.addresses(), sessions).await?;
    let agreed = cluster
        .wait_for(|world| world.connections == sessions)
        .await;
    // A session that ended is the better explanation.
    crowd.check()?;
    agreed?;
    settle(&crowd.sessions).await?;
    Ok(crowd)
}

/// Measures clicks at this rate; returns the medians of p50 and p99, and the number of samples.
async fn measure(
    settings: &Settings,
    crowd: &Crowd,
    clicks_per_second: f64,
) -> anyhow::Result<[String; 3]> {
    let (watchers, clickers) = (crowd.some(WATCHERS), crowd.some(CLICKERS));
    let busy: HashSet<_> = clickers.iter().chain(&watchers).map(Rc::as_ptr).collect();
    for session in &crowd.sessions {
        if !busy.contains(&Rc::as_ptr(session)) {
            session.pause.set(LAZY_PAUSE);
        }
    }
    let window = match clicks_per_second < SLOW_CLICKS_PER_SECOND {
        true => settings.slow_window,
        false => settings.window,
    };
    let (mut runs, mut samples) = (Vec::new(), 0);
    for _ in 0..settings.runs {
        for session in clickers.iter().chain(&watchers) {
            session.journal.borrow_mut().start();
        }
        click_at(&clickers, clicks_per_second, window).await;
        settle(&crowd.sessions).await?;
        crowd.check()?;
        let latencies = latencies(&clickers, &watchers)?;
        runs.push(latencies.p50_p99_ms());
        samples += latencies.len();
    }
    let [p50_ms, p99_ms] = medians(&runs, |&run| run).map(figure);
    Ok([p50_ms, p99_ms, count(samples)])
}

/// How long each click took to each watcher of another region.
fn latencies(clickers: &[Rc<Session>], watchers: &[Rc<Session>]) -> anyhow::Result<Latencies> {
    let mut latencies = Latencies::new()?;
    for clicker in clickers {
        let clicks = clicker.journal.borrow().clicks.clone();
        let elsewhere = |watcher: &&Rc<Session>| watcher.server != clicker.server;
        for watcher in watchers.iter().filter(elsewhere) {
            for click in &clicks {
                let arrival = watcher.journal.borrow().arrival(click.rev);
                let arrival = arrival.context("an acknowledged click did not arrive")?;
                latencies.record(arrival.saturating_duration_since(click.sent));
            }
        }
    }
    Ok(latencies)
}
