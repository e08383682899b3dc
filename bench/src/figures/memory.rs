//! What an idle session costs in memory.

use crate::cluster::{Cluster, Instance, Plan};
use crate::live::Crowd;
use crate::settings::Settings;
use crate::stats::median;
use crate::table::{Table, count, figure};
use std::fs;
use std::time::Duration;
use tokio::time::sleep;

/// As many as the alternatives were measured with.
const SESSIONS: usize = 8_000;
/// How long memory may settle after the last session came.
const CALM: Duration = Duration::from_secs(2);

/// Resident memory for each of 8 000 idle sessions, a fresh server for each run.
///
/// # Errors
/// Where something does not start or a session is closed.
pub async fn table(settings: &Settings) -> anyhow::Result<Table> {
    let (mut ours, mut bare, mut started) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..settings.runs {
        let cluster = Cluster::start(settings, Plan::of(&["ord"])).await?;
        let server = &cluster.instances[0];
        started.push(server.resident_kib()?);
        let (crowd, kib) = gather(server, SESSIONS).await?;
        ours.push(kib);
        let frame = cluster.folder.path().join("frame");
        fs::write(&frame, r#"{"type":"world","rev":1}"#)?;
        drop(crowd);
        let options = [
            ("--frame", frame.as_os_str()),
            ("--per-second", "0".as_ref()),
        ];
        let socket =
            Instance::baseline(settings, "socket", &options, cluster.folder.path()).await?;
        let (_crowd, kib) = gather(&socket, SESSIONS).await?;
        bare.push(kib);
    }
    let mut table = Table::new(
        format!(
            "memory: resident KiB for each of {} idle sessions",
            count(SESSIONS)
        ),
        &[
            "Murmuration",
            "bare axum socket",
            "Bun",
            "Node ws",
            "Socket.IO",
            "Phoenix LiveView",
        ],
    );
    let alternatives = ["2.2", "6.1", "14", "69"].map(str::to_owned);
    table.row(
        [figure(median(ours)), figure(median(bare))]
            .into_iter()
            .chain(alternatives),
    );
    table.note(format!(
        "Aim: 5 KiB or less. The bare socket has a read buffer of 4 KiB instead of the default 128. The server's process before the first session: {} KiB.",
        figure(median(started))
    ));
    Ok(table)
}

/// Opens sessions on a server and tells what memory each came to, in KiB.
///
/// # Errors
/// Where one is not opened or is closed.
pub async fn gather(instance: &Instance, count: usize) -> anyhow::Result<(Crowd, f64)> {
    let before = instance.resident_kib()?;
    let crowd = Crowd::gather(&[instance.place], count).await?;
    sleep(CALM).await;
    crowd.tally()?;
    let kib = (instance.resident_kib()? - before) / count as f64;
    Ok((crowd, kib))
}
