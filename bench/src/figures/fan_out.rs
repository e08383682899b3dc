//! Bringing changes to many sessions of one instance, against a bare socket that writes the same bytes.

use super::memory::gather;
use crate::cluster::{Cluster, Instance, Meter, Plan, Span};
use crate::live::{Crowd, click_at, settle};
use crate::settings::Settings;
use crate::stats::median_of;
use crate::table::{Table, count, figure};
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use tokio::time::sleep;

/// How many sessions.
const SESSIONS: [usize; 3] = [1_000, 5_000, 10_000];
/// Clicks come from one in this many.
const OF_WHOM_ONE_CLICKS: usize = 100;
/// How often each of them clicks, a second: as fast as one can for long.
const CLICKS_PER_SECOND: f64 = 5.0;

/// What one side of a row came to.
struct Side {
    frames_per_second: f64,
    frames_per_cpu_second: f64,
    cores: f64,
    session_kib: f64,
}

/// A row for each number of sessions.
///
/// # Errors
/// Where something does not start or a session is closed.
pub async fn table(settings: &Settings) -> anyhow::Result<Table> {
    let mut table = Table::new(
        "fan-out: world frames to N sessions of one instance, clicks from 1 %",
        &[
            "sessions",
            "clicks/s",
            "frames/s",
            "cores",
            "frames per CPU second",
            "KiB a session",
            "bare socket: frames/s",
            "cores",
            "frames per CPU second",
            "KiB a session",
            "of bare",
        ],
    );
    for sessions in SESSIONS {
        let (ours, frame, folder, clicks) = ours(settings, sessions).await?;
        let rate = ours.frames_per_second / sessions as f64;
        let bare = bare(settings, sessions, &frame, (rate, folder.path())).await?;
        let share = 100.0 * ours.frames_per_cpu_second / bare.frames_per_cpu_second;
        let cells = [
            vec![count(sessions), figure(clicks)],
            side(&ours),
            side(&bare),
        ];
        table.row(cells.into_iter().flatten().chain([format!("{share:.0} %")]));
    }
    table.note("The bare socket writes our newest frame at the rate at which ours came. A frame is one write to one session; slow sessions skip to the newest on both sides. The bare socket has a read buffer of 4 KiB instead of the default 128. KiB: resident, idle, just after opening.");
    Ok(table)
}

/// Our side, one of its frames, and the folder of its files.
async fn ours(
    settings: &Settings,
    sessions: usize,
) -> anyhow::Result<(Side, Vec<u8>, tempfile::TempDir, f64)> {
    let cluster = Cluster::start(settings, Plan::of(&["ord"])).await?;
    let (crowd, session_kib) = gather(&cluster.instances[0], sessions).await?;
    let clickers = crowd.some(sessions / OF_WHOM_ONE_CLICKS);
    clickers[0].remember();
    let rate = CLICKS_PER_SECOND * clickers.len() as f64;
    let meter = Meter::of_cluster(&cluster, &crowd);
    let mut spans = Vec::new();
    for _ in 0..settings.runs {
        let start = meter.read()?;
        click_at(&clickers, rate, settings.window).await?;
        spans.push(meter.since(&start)?);
        settle(crowd.sessions()).await?;
    }
    let frame = clickers[0].recall(|journal| journal.newest.clone());
    let clicks = median_of(&spans, |span| span.clicks / span.seconds);
    Ok((summary(&spans, session_kib), frame, cluster.folder, clicks))
}

/// The bare side: the same frame at that rate; `place` has the rate and a folder for files.
async fn bare(
    settings: &Settings,
    sessions: usize,
    frame: &[u8],
    (per_second, folder): (f64, &Path),
) -> anyhow::Result<Side> {
    let path = folder.join("frame");
    fs::write(&path, frame)?;
    let rate = OsString::from(per_second.to_string());
    let options = [
        ("--frame", path.as_os_str()),
        ("--per-second", rate.as_os_str()),
    ];
    let socket = Instance::baseline(settings, "socket", &options, folder).await?;
    let (crowd, session_kib): (Crowd, f64) = gather(&socket, sessions).await?;
    let meter = Meter::of_baseline(&socket, &crowd);
    let mut spans = Vec::new();
    for _ in 0..settings.runs {
        let start = meter.read()?;
        sleep(settings.window).await;
        spans.push(meter.since(&start)?);
    }
    Ok(summary(&spans, session_kib))
}

fn summary(spans: &[Span], session_kib: f64) -> Side {
    Side {
        frames_per_second: median_of(spans, |span| span.frames / span.seconds),
        frames_per_cpu_second: median_of(spans, |span| span.frames / span.server_cpu),
        cores: median_of(spans, |span| span.server_cpu / span.seconds),
        session_kib,
    }
}

fn side(side: &Side) -> Vec<String> {
    let numbers = [
        side.frames_per_second,
        side.cores,
        side.frames_per_cpu_second,
        side.session_kib,
    ];
    numbers.map(figure).into()
}
