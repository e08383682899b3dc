//! `GET /`: requests per second and latency, against a bare handler and with a slow Redis.

use super::bare::{self, Subject, compare};
use crate::cluster::{Cluster, Meter, Plan};
use crate::http::{Client, Run, measure};
use crate::live::Crowd;
use crate::settings::Settings;
use crate::table::{Table, figure};
use anyhow::Context;
use std::time::Duration;

/// Sessions that click while the world changes.
const CLICKERS: usize = 10;
/// The delay of every reply of the slow Redis.
const REDIS_DELAY: Duration = Duration::from_millis(200);

/// The encodings that a request accepts: none, and those of a browser.
const ENCODINGS: [&str; 2] = ["identity", "gzip, deflate, br, zstd"];

/// Both tables.
pub async fn tables(settings: &Settings) -> anyhow::Result<Vec<Table>> {
    Ok(vec![
        throughput(settings).await?,
        slow_redis(settings).await?,
    ])
}

async fn throughput(settings: &Settings) -> anyhow::Result<Table> {
    let mut table = bare::table("first-load: GET / on one instance");
    for accept_encoding in ENCODINGS {
        let cluster = Cluster::start(settings, Plan::of(&["ord"])).await?;
        let crowd = Crowd::open(&cluster.addresses(), CLICKERS).await?;
        let subject = Subject {
            name: "the page",
            path: "/",
            accept_encoding,
        };
        compare(settings, &cluster, subject, Some(&crowd), &mut table).await?;
    }
    table.note("Goal: 50 % of bare axum. If the server's core is not fully used, the load's core is the bottleneck, and only CPU seconds are comparable.");
    Ok(table)
}

async fn slow_redis(settings: &Settings) -> anyhow::Result<Table> {
    let plan = Plan {
        proxied: true,
        ..Plan::of(&["ord"])
    };
    let cluster = Cluster::start(settings, plan).await?;
    let proxy = cluster.proxy.as_ref().context("the plan has a proxy")?;
    let meter = Meter::of_cluster(&cluster);
    let mut clients = [Client::connect(cluster.servers[0].address).await?];
    let mut table = Table::new(
        "first-load: GET / while Redis is slow, one connection",
        "delay of each Redis reply | requests/s | p50 ms | p99 ms",
    );
    for delay in [Duration::ZERO, REDIS_DELAY] {
        proxy.delay(delay);
        let mut runs = Vec::new();
        for _ in 0..settings.runs {
            let request = async |client: &mut Client| client.get("/").await.map(drop);
            runs.push(measure(&meter, &mut clients, settings.window, request).await?);
        }
        let run = Run::median(&runs);
        let numbers = [run.per_second, run.p50_ms, run.p99_ms].map(figure);
        table.row(
            [format!("{} ms", delay.as_millis())]
                .into_iter()
                .chain(numbers),
        );
    }
    table.note("Goal: no difference. The page's numbers come from memory.");
    Ok(table)
}
