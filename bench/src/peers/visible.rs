//! How soon and how often clicks become visible, and what that costs.
//!
//! The k-th click sent in a region is visible to a session of the other region with the first frame that shows k clicks
//! of that region. That needs nothing from a server but the numbers that its pages show.

use super::contestant::{Contestant, Stage};
use super::rounds;
use crate::cluster::Cluster;
use crate::live::{Crowd, REGIONS, Session, click_at, saturate};
use crate::machine;
use crate::stats::Latencies;
use crate::table::{Table, count, figure};
use crate::wait::until;
use anyhow::{Context, ensure};
use std::collections::HashSet;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::time::{sleep, timeout};

/// Sessions, and clicks per second of all of them.
const LOADS: [(usize, f64); 4] = [(200, 100.0), (1_000, 20.0), (1_000, 1_000.0), (10_000, 1.0)];
/// Sessions, and the clicks that each keeps outstanding.
const SATURATED: (usize, u64) = (500, 32);
/// Sessions that record when frames arrive, and sessions that click, at most.
const WATCHERS: usize = 100;
const CLICKERS: usize = 200;
/// All others read so often, for each session: ten thousand of them leave the watchers most of the load's core.
const PAUSE_PER_SESSION: Duration = Duration::from_micros(40);
/// How long servers run at full load before they are measured: some compile what is used often.
const WARM_UP: Duration = Duration::from_secs(2);
/// The same where all sessions begin with many clicks at once.
const SATURATED_WARM_UP: Duration = Duration::from_secs(5);
/// How long the last clicks may take to become visible: whoever needs longer falls behind.
const SETTLE_TIMEOUT: Duration = Duration::from_secs(20);
/// Below this rate of clicks, a run takes longer.
const SLOW_CLICKS_PER_SECOND: f64 = 10.0;
/// The number of deliveries whose CPU time is given.
const DELIVERIES: f64 = 100_000.0;
/// How often to check whether the last clicks have reached all sessions.
const POLL: Duration = Duration::from_millis(10);

/// Clicks at a rate.
pub async fn latency(stage: &Stage<'_>) -> anyhow::Result<Table> {
    let mut table = Table::new(
        "peers: click in one region to the frame in the other that shows it",
        "sessions | clicks/s | server | p50 ms | p99 ms | server cores | with Redis | frames/s | CPU seconds per 100 000 frames | per 100 000 effects | the load's cores",
    );
    for (sessions, clicks_per_second) in LOADS {
        let load = [count(sessions), figure(clicks_per_second)];
        rounds(stage, &mut table, &load, async |contestant| {
            at_a_rate(stage, contestant, sessions, clicks_per_second).await
        })
        .await?;
    }
    table.note("Clicks come at random moments from sessions of both regions. The k-th click sent in a region is visible with the first frame that shows k clicks of that region; a sample is one click and one of the watching sessions of the other region. Effects: every click reaches every session. CPU seconds are the servers' without Redis. A dash: the servers fell behind; some clicks were not visible 20 s after the last.");
    Ok(table)
}

/// As many clicks as servers make visible.
pub async fn saturated(stage: &Stage<'_>) -> anyhow::Result<Table> {
    let mut table = Table::new(
        format!(
            "peers: saturated, {} sessions with {} clicks outstanding each",
            SATURATED.0, SATURATED.1
        ),
        "server | clicks/s made visible | frames/s | server cores | with Redis | CPU seconds per 100 000 frames | per 100 000 effects | the load's cores",
    );
    rounds(stage, &mut table, &[], async |contestant| {
        at_full_load(stage, contestant).await
    })
    .await?;
    table.note("Clicks of both regions that a session of either saw in a second, on average over all sessions: where clicks are answered in waves, sessions are served one after the other, and the last lags behind. A load's core that is fully used is the limit, not the server.");
    Ok(table)
}

/// The figures of servers that fall behind.
const BEHIND: [f64; 8] = [f64::INFINITY; 8];

async fn at_a_rate(
    stage: &Stage<'_>,
    contestant: Contestant,
    sessions: usize,
    clicks_per_second: f64,
) -> anyhow::Result<[f64; 8]> {
    let cluster = stage.start(contestant).await?;
    let crowd = stage.crowd(contestant, &cluster, sessions).await?;
    let (watchers, clickers) = (crowd.some(WATCHERS), crowd.some(CLICKERS));
    let busy: HashSet<_> = clickers.iter().chain(&watchers).map(Rc::as_ptr).collect();
    for session in &crowd.sessions {
        if !busy.contains(&Rc::as_ptr(session)) {
            session
                .pause
                .set(PAUSE_PER_SESSION * u32::try_from(sessions)?);
        }
    }
    click_at(&clickers, clicks_per_second, WARM_UP).await;
    if !settle(&crowd).await? {
        return Ok(BEHIND);
    }
    let before = shown(&crowd);
    for session in clickers.iter().chain(&watchers) {
        session.journal.borrow_mut().start();
    }
    let window = match clicks_per_second < SLOW_CLICKS_PER_SECOND {
        true => stage.settings.slow_window,
        false => stage.settings.window,
    };
    let spent = measure(&cluster, &crowd, async || {
        click_at(&clickers, clicks_per_second, window).await;
        Ok(())
    })
    .await?;
    if !settle(&crowd).await? {
        return Ok(BEHIND);
    }
    let [p50_ms, p99_ms] = latencies(&clickers, &watchers, before)?.p50_p99_ms();
    let Spent { cores, frames, .. } = spent;
    Ok([
        p50_ms,
        p99_ms,
        cores.servers,
        cores.servers + cores.redis,
        frames / spent.seconds,
        DELIVERIES * spent.server_cpu() / frames,
        DELIVERIES * spent.server_cpu() / spent.effects(&crowd),
        cores.load,
    ])
}

async fn at_full_load(stage: &Stage<'_>, contestant: Contestant) -> anyhow::Result<[f64; 7]> {
    let (sessions, outstanding) = SATURATED;
    let cluster = stage.start(contestant).await?;
    let crowd = stage.crowd(contestant, &cluster, sessions).await?;
    for session in &crowd.sessions {
        session.keep_clicking(outstanding);
    }
    sleep(SATURATED_WARM_UP).await;
    // Clicks come in waves where all that are outstanding are answered at once: the window is longer than those.
    let spent = measure(&cluster, &crowd, async || {
        saturate(&crowd.sessions, outstanding, stage.settings.slow_window).await;
        Ok(())
    })
    .await?;
    let Spent { cores, frames, .. } = spent;
    Ok([
        spent.clicks / spent.seconds,
        frames / spent.seconds,
        cores.servers,
        cores.servers + cores.redis,
        DELIVERIES * spent.server_cpu() / frames,
        DELIVERIES * spent.server_cpu() / spent.effects(&crowd),
        cores.load,
    ])
}

/// What processes used and sessions saw while something ran.
#[derive(Clone, Copy, Debug)]
struct Spent {
    seconds: f64,
    cores: Cores,
    /// World frames that reached sessions.
    frames: f64,
    /// Clicks that became visible to a session, on average.
    clicks: f64,
}

#[derive(Clone, Copy, Debug)]
struct Cores {
    servers: f64,
    redis: f64,
    load: f64,
}

impl Spent {
    fn server_cpu(&self) -> f64 {
        self.cores.servers * self.seconds
    }

    /// Each click reaches each session.
    fn effects(&self, crowd: &Crowd) -> f64 {
        self.clicks * crowd.sessions.len() as f64
    }
}

async fn measure(
    cluster: &Cluster,
    crowd: &Crowd,
    work: impl AsyncFnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<Spent> {
    let own = std::process::id();
    let (frames, effects) = (crowd.frames(), effects(crowd));
    let load = machine::cpu_seconds(own)?;
    let ((), usage) = cluster.meter().run(work()).await?;
    let load = machine::cpu_seconds(own)? - load;
    crowd.check()?;
    let effects = self::effects(crowd) - effects;
    Ok(Spent {
        seconds: usage.seconds,
        cores: Cores {
            servers: usage.server_cores,
            redis: usage.redis_cores,
            load: load / usage.seconds,
        },
        frames: (crowd.frames() - frames) as f64,
        clicks: effects as f64 / crowd.sessions.len() as f64,
    })
}

/// The clicks that sessions show, of all regions and sessions together.
fn effects(crowd: &Crowd) -> i64 {
    let sessions = crowd.sessions.iter();
    sessions
        .map(|one| one.shown.get().iter().sum::<i64>())
        .sum()
}

/// The clicks of each region that all sessions have seen.
fn shown(crowd: &Crowd) -> [i64; REGIONS.len()] {
    let of = |region: usize| {
        crowd
            .sessions
            .iter()
            .map(move |one| one.shown.get()[region])
    };
    std::array::from_fn(|region| of(region).min().unwrap_or(0))
}

/// Waits until every click is acknowledged and every session shows exactly the clicks that were; whether that comes in time.
async fn settle(crowd: &Crowd) -> anyhow::Result<bool> {
    let settled = until(POLL, async || {
        crowd.check()?;
        let mut sent = [0; REGIONS.len()];
        for session in &crowd.sessions {
            sent[session.server] += i64::try_from(session.acknowledged.get())?;
        }
        let is_late = |one: &Rc<Session>| one.outstanding() > 0 || one.shown.get() != sent;
        let is_any_late = crowd.sessions.iter().any(is_late);
        Ok((!is_any_late).then_some(()).ok_or_else(String::new))
    });
    timeout(SETTLE_TIMEOUT, settled)
        .await
        .map_or(Ok(false), |settled| settled.map(|()| true))
}

/// How long each click took to each watcher of the other region.
fn latencies(
    clickers: &[Rc<Session>],
    watchers: &[Rc<Session>],
    before: [i64; REGIONS.len()],
) -> anyhow::Result<Latencies> {
    let mut latencies = Latencies::new()?;
    for (region, &before) in before.iter().enumerate() {
        let mut sent: Vec<Instant> = Vec::new();
        for clicker in clickers.iter().filter(|one| one.server == region) {
            sent.extend(
                clicker
                    .journal
                    .borrow()
                    .clicks
                    .iter()
                    .map(|click| click.sent),
            );
        }
        sent.sort_unstable();
        for watcher in watchers.iter().filter(|one| one.server != region) {
            let journal = watcher.journal.borrow();
            for (clicks, sent) in (before + 1..).zip(&sent) {
                let arrived = journal.shown(region, clicks);
                let arrived = arrived.context("a click did not become visible")?;
                latencies.record(arrived.saturating_duration_since(*sent));
            }
        }
    }
    ensure!(latencies.len() > 0, "nobody clicked");
    Ok(latencies)
}
