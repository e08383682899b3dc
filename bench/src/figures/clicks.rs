//! Acknowledged clicks per second through two instances, each counted exactly once.

use crate::cli::Settings;
use crate::cluster::{Cluster, Plan};
use crate::live::{Crowd, saturate};
use crate::stats::medians;
use crate::table::{Table, count, figure};
use anyhow::ensure;

/// Sessions, and the clicks that each keeps outstanding.
const LOADS: [(usize, u64); 4] = [(50, 1_024), (100, 512), (200, 256), (1_000, 1)];

pub async fn table(settings: &Settings) -> anyhow::Result<Table> {
    let mut table = Table::new(
        "clicks: acknowledged through two instances of two regions",
        "sessions | outstanding each | clicks/s | server cores | Redis cores | acknowledged | their sum | the world's change",
    );
    for (sessions, outstanding) in LOADS {
        table.row(row(settings, sessions, outstanding).await?);
    }
    table.note("Goal: 100 000/s. Sessions with many clicks outstanding send many in one packet, and one acknowledgement covers many; with one outstanding, each click is a packet and an acknowledgement of its own. Exactly once: on both instances the world's clicks changed by the sum of the acknowledged clicks (every fourth is a −1), and none was refused, or this figure fails.");
    Ok(table)
}

async fn row(
    settings: &Settings,
    sessions: usize,
    outstanding: u64,
) -> anyhow::Result<Vec<String>> {
    let cluster = Cluster::start(settings, Plan::of(&["ord", "fra"])).await?;
    let crowd = Crowd::open(&cluster.addresses(), sessions).await?;
    let before = cluster.world(0).await?.clicks;
    let meter = cluster.meter();
    let clicks = async || {
        saturate(&crowd.sessions, outstanding, settings.window).await;
        Ok(())
    };
    let runs = crowd.measure(&meter, settings.runs, clicks).await?;
    let (acknowledged, sum) = (crowd.acknowledged(), crowd.acknowledged_sum());
    ensure!(acknowledged > 0, "no click was acknowledged");
    cluster
        .wait_for(|world| world.clicks - before == sum)
        .await?;
    let change = cluster.world(1).await?.clicks - before;
    let [clicks_per_second, server_cores, redis_cores] = medians(&runs, |run| {
        let usage = run.usage;
        [run.clicks_per_second, usage.server_cores, usage.redis_cores]
    })
    .map(figure);
    Ok(vec![
        count(sessions),
        count(outstanding),
        clicks_per_second,
        server_cores,
        redis_cores,
        count(acknowledged),
        count(sum),
        count(change),
    ])
}
