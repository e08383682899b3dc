//! Server CPU for what reaches sessions of two regions.

use crate::cluster::{Cluster, Meter, Plan, Span};
use crate::live::{Crowd, click_at, saturate, settle};
use crate::settings::Settings;
use crate::stats::median_of;
use crate::table::{Table, count, figure};

/// The frame limits to measure: the default, and one that merges hardly anything.
const FRAMES_PER_SECOND: [u32; 2] = [20, 1000];
/// Deliveries that the CPU seconds are for.
const DELIVERIES: f64 = 100_000.0;
/// Sessions and clicks a second, at a rate that people would reach.
const STEADY: (usize, f64) = (200, 100.0);
/// Sessions, of which one in ten clicks, and clicks each of those keeps outstanding.
const SATURATED: (usize, usize) = (500, 64);

/// A row for each load and frame limit.
///
/// # Errors
/// Where something does not start or a session is closed.
pub async fn table(settings: &Settings) -> anyhow::Result<Table> {
    let mut table = Table::new(
        "fan-out: server CPU seconds for 100 000 deliveries, two regions",
        &[
            "load",
            "frames/s at most",
            "clicks/s",
            "frames/s",
            "server cores",
            "per 100 000 frames",
            "per 100 000 effects",
            "the same with Redis",
            "Bun",
            "Node ws",
            "Socket.IO",
            "Phoenix",
        ],
    );
    for saturated in [false, true] {
        for frames_per_second in FRAMES_PER_SECOND {
            let plan = Plan {
                frames_per_second,
                ..Plan::of(&["ord", "fra"])
            };
            let spans = measure(settings, plan, saturated).await?;
            table.row(row(&spans, frames_per_second, saturated));
        }
    }
    table.note("A frame is one world frame brought to one session. An effect is one click brought to one session, alone or with others in a frame: all sessions saw the last click within the measured time. How the alternatives counted deliveries is not recorded; where they sent a message for each click, effects are the like, and frames are the stricter measure.");
    Ok(table)
}

async fn measure(
    settings: &Settings,
    plan: Plan<'_>,
    saturated: bool,
) -> anyhow::Result<Vec<Span>> {
    let cluster = Cluster::start(settings, plan).await?;
    let sessions = if saturated { SATURATED.0 } else { STEADY.0 };
    let crowd = Crowd::gather(&cluster.places(), sessions).await?;
    cluster.agree(|sums| sums.connections == sessions).await?;
    let meter = Meter::of_cluster(&cluster, &crowd);
    let mut spans = Vec::new();
    for _ in 0..settings.runs {
        let start = meter.read()?;
        if saturated {
            saturate(&crowd.some(sessions / 10), SATURATED.1, settings.window).await?;
        } else {
            click_at(crowd.sessions(), STEADY.1, settings.window).await?;
        }
        // An effect counts only once it has arrived, so all must have, within the measured span.
        settle(crowd.sessions()).await?;
        spans.push(meter.since(&start)?);
    }
    Ok(spans)
}

fn row(spans: &[Span], frames_per_second: u32, saturated: bool) -> Vec<String> {
    let load = if saturated {
        format!("{} sessions, saturated", SATURATED.0)
    } else {
        format!("{} sessions, {} clicks/s", STEADY.0, STEADY.1)
    };
    let alternatives = if saturated {
        ["0.023", "0.49", "0.58", "1.77"]
    } else {
        ["0.55", "1.25", "1.62", "2.32"]
    };
    let both = |span: &Span| span.server_cpu + span.redis_cpu;
    let numbers = [
        median_of(spans, |span| span.clicks / span.seconds),
        median_of(spans, |span| span.frames / span.seconds),
        median_of(spans, |span| span.server_cpu / span.seconds),
        median_of(spans, |span| DELIVERIES * span.server_cpu / span.frames),
        median_of(spans, |span| DELIVERIES * span.server_cpu / span.effects),
        median_of(spans, |span| DELIVERIES * both(span) / span.effects),
    ];
    let start = [load, count(frames_per_second)];
    let end = alternatives.map(str::to_owned);
    start
        .into_iter()
        .chain(numbers.map(figure))
        .chain(end)
        .collect()
}
