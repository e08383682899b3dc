//! What it costs that clicks are on a replica before they are acknowledged.

use crate::cli::Settings;
use crate::cluster::{Cluster, Kind, Plan};
use crate::live::{Crowd, click_at, saturate, settle};
use crate::stats::{Latencies, medians};
use crate::table::{Table, count, figure};
use anyhow::ensure;

/// The kinds of Redis, and whether acknowledgements wait for replicas; the first is what the others are compared with.
const KINDS: [(Kind, bool); 4] = [
    (Kind::Memory, true),
    (Kind::Replicated, false),
    (Kind::Replicated, true),
    (Kind::Cluster, true),
];
/// Sessions, and the clicks that each keeps outstanding while the rate is measured.
const SESSIONS: usize = 100;
const OUTSTANDING: u64 = 512;
/// Clicks per second while acknowledgements are timed.
const CALM: f64 = 200.0;

/// Two instances of two regions on one kind of Redis.
struct Side {
    cluster: Cluster,
    crowd: Crowd,
}

/// Clicks per second; the median and the 99th percentile of the time to an acknowledgement, in milliseconds.
type Round = [f64; 3];

/// A row for each kind of Redis.
pub async fn table(settings: &Settings) -> anyhow::Result<Table> {
    let mut sides = Vec::new();
    for (kind, confirms) in KINDS {
        sides.push(Side::start(settings, kind, confirms).await?);
    }
    // In turns, so that each is compared with the first at about the same moment.
    let mut rounds = Vec::new();
    for _ in 0..settings.runs {
        let mut round = Vec::new();
        for side in &sides {
            round.push(side.measure(settings).await?);
        }
        rounds.push(round);
    }
    let mut table = Table::new(
        "clicks: the price of a replica",
        "Redis | clicks/s | of one | acknowledged, p50 ms | p99 ms | p99, times that of one | acknowledged clicks, and their sum in the world",
    );
    for (index, side) in sides.iter().enumerate() {
        let [per_second, p50_ms, p99_ms] = medians(&rounds, |round: &Vec<Round>| round[index]);
        let ratios = medians(&rounds, |round: &Vec<Round>| {
            let (own, first) = (round[index], round[0]);
            [own[0] / first[0], own[2] / first[2]]
        });
        table.row([
            name(KINDS[index]),
            figure(per_second),
            format!("{:.0} %", ratios[0] * 100.0),
            figure(p50_ms),
            figure(p99_ms),
            figure(ratios[1]),
            side.counted().await?,
        ]);
    }
    table.note(format!(
        "{SESSIONS} sessions on two instances of two regions. Clicks/s: each keeps {OUTSTANDING} outstanding. Acknowledged: \
         the time from a click to its acknowledgement, at {CALM} clicks/s. Ratios are those within a round, then their median. \
         Servers and all nodes of Redis share one core, and so do replicas, which have one of their own in production."
    ));
    Ok(table)
}

fn name((kind, confirms): (Kind, bool)) -> String {
    let exception = if confirms {
        ""
    } else {
        ", which is not waited for"
    };
    format!("{}{exception}", kind.name())
}

impl Side {
    async fn start(settings: &Settings, redis: Kind, confirms: bool) -> anyhow::Result<Self> {
        let confirm = if confirms { "replicated" } else { "never" };
        let plan = Plan {
            redis,
            variables: &[("REDIS_CONFIRM", confirm.to_owned())],
            ..Plan::of(&["ord", "fra"])
        };
        let cluster = Cluster::start(settings, plan).await?;
        let crowd = Crowd::open(&cluster.addresses(), SESSIONS).await?;
        Ok(Self { cluster, crowd })
    }

    async fn measure(&self, settings: &Settings) -> anyhow::Result<Round> {
        let clicks = async || {
            saturate(&self.crowd.sessions, OUTSTANDING, settings.window).await;
            Ok(())
        };
        let meter = self.cluster.meter();
        let traffic = self.crowd.measure(&meter, 1, clicks).await?;
        let [p50_ms, p99_ms] = self.acknowledgements(settings).await?;
        Ok([traffic[0].clicks_per_second, p50_ms, p99_ms])
    }

    /// The median and the 99th percentile of the time from a click to its acknowledgement.
    async fn acknowledgements(&self, settings: &Settings) -> anyhow::Result<[f64; 2]> {
        let sessions = &self.crowd.sessions;
        for session in sessions {
            session.journal.borrow_mut().start();
        }
        click_at(sessions, CALM, settings.window).await;
        settle(sessions).await?;
        let mut latencies = Latencies::new()?;
        for session in sessions {
            for click in &session.journal.borrow().clicks {
                latencies.record(click.acknowledged - click.sent);
            }
            session.journal.borrow_mut().stop();
        }
        ensure!(latencies.len() > 0, "no click was acknowledged");
        Ok(latencies.p50_p99_ms())
    }

    /// Every click was counted once, at both instances.
    async fn counted(&self) -> anyhow::Result<String> {
        let sum = self.crowd.acknowledged_sum();
        self.cluster.wait_for(|world| world.clicks == sum).await?;
        Ok(format!(
            "{}, {}",
            count(self.crowd.acknowledged()),
            count(sum)
        ))
    }
}
