//! The memory of idle sessions.

use super::contestant::{Contestant, Stage};
use super::rounds;
use crate::cluster::Cluster;
use crate::live::Crowd;
use crate::machine;
use crate::table::{Table, count};
use std::time::Duration;
use tokio::time::sleep;

/// Sessions before and after those whose memory is measured: the first ones fill what all share.
const SESSIONS: [usize; 2] = [2_000, 8_000];
/// How long memory may settle after the last session has opened.
const PAUSE: Duration = Duration::from_secs(5);

/// Resident memory for each further session.
pub async fn table(stage: &Stage<'_>) -> anyhow::Result<Table> {
    let [few, many] = SESSIONS.map(count);
    let mut table = Table::new(
        format!("peers: resident memory of both servers, from {few} to {many} idle sessions"),
        "server | KiB per session | MiB before the first | MiB at the end",
    );
    rounds(stage, &mut table, &[], async |contestant| {
        measure(stage, contestant).await
    })
    .await?;
    table.note(
        "Sessions open one after the other, as visitors come. The kernel's memory is not included.",
    );
    Ok(table)
}

async fn measure(stage: &Stage<'_>, contestant: Contestant) -> anyhow::Result<[f64; 3]> {
    let cluster = stage.start(contestant).await?;
    let started = resident_kib(&cluster)?;
    let [few, many] = SESSIONS;
    let mut crowd = Crowd::default();
    let before = open(&cluster, contestant, &mut crowd, few).await?;
    let after = open(&cluster, contestant, &mut crowd, many - few).await?;
    Ok([
        (after - before) / (many - few) as f64,
        started / 1024.0,
        after / 1024.0,
    ])
}

/// Opens sessions one after the other; returns the servers' memory once it has settled.
async fn open(
    cluster: &Cluster,
    contestant: Contestant,
    crowd: &mut Crowd,
    sessions: usize,
) -> anyhow::Result<f64> {
    let addresses = cluster.addresses();
    crowd
        .add(&addresses, sessions, contestant.manner(), 1)
        .await?;
    sleep(PAUSE).await;
    crowd.check()?;
    resident_kib(cluster)
}

fn resident_kib(cluster: &Cluster) -> anyhow::Result<f64> {
    let servers = cluster.servers.iter();
    servers.map(|one| machine::resident_kib(one.pid)).sum()
}
