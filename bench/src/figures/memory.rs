//! The memory of an idle session.

use crate::cli::Settings;
use crate::cluster::{Cluster, Plan, Process};
use crate::live::{Crowd, frames};
use crate::machine;
use crate::stats::medians;
use crate::table::{Table, count, figure};
use std::path::Path;
use std::time::Duration;
use tokio::time::sleep;

/// So many that what all of them share no longer counts.
const SESSIONS: usize = 8_000;
/// How long memory may settle after the last session has opened.
const PAUSE: Duration = Duration::from_secs(2);

/// Resident memory per idle session, with a fresh server for each run.
pub async fn table(settings: &Settings) -> anyhow::Result<Table> {
    let mut runs = Vec::new();
    for _ in 0..settings.runs {
        let cluster = Cluster::start(settings, Plan::of(&["ord"])).await?;
        let server = &cluster.servers[0];
        let started = machine::resident_kib(server.pid)?;
        let (crowd, ours) = open_crowd(server, SESSIONS).await?;
        drop(crowd);
        let socket = bare_socket(cluster.folder.path(), frames::WORLD, 0.0).await?;
        let (_crowd, bare) = open_crowd(&socket, SESSIONS).await?;
        runs.push([started, ours, bare]);
    }
    let [started, ours, bare] = medians(&runs, |&run| run).map(figure);
    let mut table = Table::new(
        format!(
            "memory: resident KiB per session, {} idle sessions",
            count(SESSIONS)
        ),
        "Murmuration | bare axum socket",
    );
    table.row([ours, bare]);
    table.note(format!(
        "Goal: 5 KiB or less. The bare socket has a read buffer of 4 KiB instead of the default 128. The server before the first session: {started} KiB."
    ));
    Ok(table)
}

/// Opens sessions; returns the memory that the server took for each, in KiB.
pub(super) async fn open_crowd(process: &Process, count: usize) -> anyhow::Result<(Crowd, f64)> {
    let before = machine::resident_kib(process.pid)?;
    let crowd = Crowd::open(&[process.address], count).await?;
    sleep(PAUSE).await;
    crowd.check()?;
    let kib = (machine::resident_kib(process.pid)? - before) / count as f64;
    Ok((crowd, kib))
}

/// Starts a bare socket that writes a frame at once, and then at this rate unless it is 0.
pub(super) async fn bare_socket(
    folder: &Path,
    frame: &str,
    per_second: f64,
) -> anyhow::Result<Process> {
    let arguments = ["socket", frame, &per_second.to_string()];
    Process::baseline(&arguments, folder).await
}
