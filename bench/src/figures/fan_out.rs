//! The cost of sending changes to many sessions.

use super::latency;
use super::memory::{bare_socket, open_crowd};
use crate::cli::Settings;
use crate::cluster::{Cluster, Plan};
use crate::live::{Traffic, click_at, saturate, settle};
use crate::stats::medians;
use crate::table::{Table, count, figure};
use tokio::time::sleep;

/// The numbers of sessions on one instance.
const SESSIONS: [usize; 3] = [1_000, 5_000, 10_000];
/// One in this many sessions clicks.
const SESSIONS_PER_CLICKER: usize = 100;
/// Clicks per second of each of those.
const CLICKS_PER_SECOND: f64 = 5.0;

/// The frame limits of the second table: one, and the default.
const FRAMES_PER_SECOND: [Option<u32>; 2] = [Some(20), None];
/// The number of deliveries whose CPU time is given.
const DELIVERIES: f64 = 100_000.0;
/// Sessions and clicks per second at a moderate load.
const MODERATE: (usize, f64) = (200, 100.0);
/// Sessions, of which one in ten clicks, and the clicks that each of those keeps outstanding.
const SATURATED: (usize, u64) = (500, 64);

/// Frames to the sessions of one instance.
pub(super) async fn one_instance(settings: &Settings) -> anyhow::Result<Table> {
    let mut table = Table::new(
        "fan-out: world frames to the sessions of one instance, 1 % of which click",
        "sessions | clicks/s | frames/s | cores | frames per CPU second | KiB per session | bare socket: frames/s | cores | frames per CPU second | KiB per session | of bare",
    );
    for sessions in SESSIONS {
        table.row(compare(settings, sessions).await?);
    }
    table.note("The bare socket writes our newest frame at the rate at which ours arrived. A frame is one write to one session; slow sessions skip frames on both sides. The bare socket has a read buffer of 4 KiB instead of the default 128. KiB: resident, idle, just after opening.");
    Ok(table)
}

/// A row: our server, then a bare socket that sends as many frames.
async fn compare(settings: &Settings, sessions: usize) -> anyhow::Result<Vec<String>> {
    let cluster = Cluster::start(settings, Plan::of(&["ord"])).await?;
    let (crowd, our_kib) = open_crowd(&cluster.servers[0], sessions).await?;
    let clickers = crowd.some(sessions / SESSIONS_PER_CLICKER);
    clickers[0].journal.borrow_mut().start();
    let rate = CLICKS_PER_SECOND * clickers.len() as f64;
    let clicks = async || {
        click_at(&clickers, rate, settings.window).await;
        Ok(())
    };
    let meter = cluster.meter();
    let ours = crowd.measure(&meter, settings.runs, clicks).await?;
    let frame = clickers[0].journal.borrow().newest.clone();
    let [clicks] = medians(&ours, |run| [run.clicks_per_second]);
    let ours = sending(&ours);
    let rate = ours[0] / sessions as f64;
    let Cluster {
        folder,
        servers,
        redis,
        ..
    } = cluster;
    // The bare socket gets the core for itself.
    drop((clickers, crowd, servers, redis));
    let socket = bare_socket(folder.path(), &frame, rate).await?;
    let (crowd, bare_kib) = open_crowd(&socket, sessions).await?;
    let receive = async || {
        sleep(settings.window).await;
        Ok(())
    };
    let meter = socket.meter();
    let bare = sending(&crowd.measure(&meter, settings.runs, receive).await?);
    let mut cells = vec![count(sessions), figure(clicks)];
    cells.extend(ours.into_iter().chain([our_kib]).map(figure));
    cells.extend(bare.into_iter().chain([bare_kib]).map(figure));
    cells.push(format!("{:.0} %", 100.0 * ours[2] / bare[2]));
    Ok(cells)
}

/// Frames per second, cores, and frames per CPU second.
fn sending(runs: &[Traffic]) -> [f64; 3] {
    medians(runs, |run| {
        let usage = run.usage;
        [
            run.frames_per_second,
            usage.server_cores,
            run.frames / usage.server_cpu,
        ]
    })
}

/// CPU time per delivery.
pub(super) async fn deliveries(settings: &Settings) -> anyhow::Result<Table> {
    let mut table = Table::new(
        "fan-out: server CPU seconds per 100 000 deliveries, two regions",
        "load | frames/s at most | clicks/s | frames/s | server cores | per 100 000 frames | per 100 000 effects | the same with Redis",
    );
    for saturated in [false, true] {
        for frames_per_second in FRAMES_PER_SECOND {
            let plan = Plan {
                frames_per_second,
                ..Plan::of(&["ord", "fra"])
            };
            let runs = two_regions(settings, plan, saturated).await?;
            let load = if saturated {
                format!("{} sessions, saturated", SATURATED.0)
            } else {
                format!("{} sessions, {} clicks/s", MODERATE.0, MODERATE.1)
            };
            let start = [load, limit(frames_per_second)];
            table.row(start.into_iter().chain(costs(&runs)));
        }
    }
    table.note("A frame is one world frame that reached one session. An effect is one click that reached one session, alone or with others in a frame: all sessions received the last click within the measured time.");
    Ok(table)
}

/// The most frames per second, in a table.
pub(super) fn limit(frames_per_second: Option<u32>) -> String {
    frames_per_second.map_or("no limit".into(), count)
}

async fn two_regions(
    settings: &Settings,
    plan: Plan<'_>,
    saturated: bool,
) -> anyhow::Result<Vec<Traffic>> {
    let cluster = Cluster::start(settings, plan).await?;
    let sessions = if saturated { SATURATED.0 } else { MODERATE.0 };
    let crowd = latency::open_crowd(&cluster, sessions).await?;
    let meter = cluster.meter();
    let clicks = async || {
        if saturated {
            saturate(&crowd.some(sessions / 10), SATURATED.1, settings.window).await;
        } else {
            click_at(&crowd.sessions, MODERATE.1, settings.window).await;
        }
        // An effect counts only once it has arrived, so all must arrive within the measured time.
        settle(&crowd.sessions).await
    };
    crowd.measure(&meter, settings.runs, clicks).await
}

fn costs(runs: &[Traffic]) -> [String; 6] {
    let costs = |run: &Traffic| {
        let (servers, redis) = (run.usage.server_cpu, run.usage.redis_cpu);
        [
            run.clicks_per_second,
            run.frames_per_second,
            run.usage.server_cores,
            DELIVERIES * servers / run.frames,
            DELIVERIES * servers / run.effects,
            DELIVERIES * (servers + redis) / run.effects,
        ]
    };
    medians(runs, costs).map(figure)
}
