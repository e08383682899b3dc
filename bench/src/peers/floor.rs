//! What the kernel alone costs.

use crate::cli::Settings;
use crate::cluster::Process;
use crate::live::{Crowd, Manner, OPENING_MAX};
use crate::stats::medians;
use crate::table::{Table, count, figure};
use tokio::time::sleep;

/// Sessions, writes per second to each, and frames in each: what a core can write, and the load's core can read.
const LOADS: [(usize, u32, u32); 4] =
    [(200, 100, 1), (500, 200, 1), (1_000, 100, 1), (500, 40, 32)];
/// A world frame in which one region has changed.
const FRAME: &str = r#"{"type":"state","topic":"world","state":{"epoch":1,"rev":123456,"age_ms":0,"full":false,"regions":[{"code":"fra","city":"Frankfurt am Main","lat":50.03,"lng":8.57,"clicks":123456,"people":100,"connections":100,"instances":1}]}}"#;
/// The number of frames whose CPU time is given.
const FRAMES: f64 = 100_000.0;

/// Frames that a bare loop writes.
pub async fn table(settings: &Settings) -> anyhow::Result<Table> {
    let mut table = Table::new(
        "peers: the floor, one thread that writes the same bytes to one socket after the other",
        "sessions | writes/s to each | frames in each | frames/s | cores | frames per CPU second | CPU seconds per 100 000 frames",
    );
    let folder = tempfile::Builder::new().prefix("bench-").tempdir()?;
    for (sessions, per_second, frames) in LOADS {
        let (rate, batch) = (per_second.to_string(), frames.to_string());
        let arguments = ["loop", FRAME, &rate, &batch];
        let process = Process::baseline(&arguments, folder.path()).await?;
        let mut crowd = Crowd::default();
        let manner = Manner::default();
        crowd
            .add(&[process.address], sessions, manner, OPENING_MAX)
            .await?;
        let receive = async || {
            sleep(settings.window).await;
            Ok(())
        };
        let meter = process.meter();
        let traffic = crowd.measure(&meter, settings.runs, receive).await?;
        let numbers = medians(&traffic, |run| {
            [
                run.frames_per_second,
                run.usage.server_cores,
                run.frames / run.usage.server_cpu,
                FRAMES * run.usage.server_cpu / run.frames,
            ]
        });
        let start = [count(sessions), count(per_second), count(frames)];
        table.row(start.into_iter().chain(numbers.map(figure)));
    }
    table.note("It reads nothing, counts nothing and knows no sessions: whoever writes each frame to each session by a system call of its own needs at least this. Several frames to one session may leave in one write, where they come faster than they are written.");
    Ok(table)
}
