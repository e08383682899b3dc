//! `GET /`: requests a second and latency, against a bare handler that sends the same bytes.

use super::against_bare::{bare, cells, medians};
use crate::cluster::{Cluster, Instance, Plan};
use crate::http::{self, Load, Target, WARM_UP, load};
use crate::live::{Crowd, click_at};
use crate::settings::Settings;
use crate::table::{Table, count, figure};
use anyhow::{Context, ensure};
use std::time::Duration;

/// Connections that ask at once.
const CONNECTIONS: usize = 64;
/// Sessions that click while the world changes.
const CLICKERS: usize = 10;
/// How often they click together, a second.
const CLICKS_PER_SECOND: f64 = 100.0;
/// What is added to every reply of Redis.
const REDIS_DELAY: Duration = Duration::from_millis(200);
/// The headers of a request that takes any encoding, or none.
type Headers = &'static [(&'static str, &'static str)];

/// Without compression, as the alternatives were measured, and as a browser asks.
const ENCODINGS: [Headers; 2] = [&[], &[("Accept-Encoding", "gzip, deflate, br, zstd")]];

/// What is measured for each encoding.
const ROWS: [&str; 3] = [
    "bare axum, the same bytes",
    "the page",
    "the page, 100 clicks/s meanwhile",
];

/// Both tables: against the baseline, and with a slow Redis.
///
/// # Errors
/// Where something does not start or answer.
pub async fn tables(settings: &Settings) -> anyhow::Result<Vec<Table>> {
    Ok(vec![
        throughput(settings).await?,
        slow_redis(settings).await?,
    ])
}

async fn throughput(settings: &Settings) -> anyhow::Result<Table> {
    let mut table = Table::new(
        format!("first-load: GET / on one instance, {CONNECTIONS} connections"),
        &[
            "what",
            "encoding",
            "bytes",
            "requests/s",
            "of bare axum",
            "server cores",
            "requests per CPU second",
            "of bare axum",
            "p50 ms",
            "p99 ms",
        ],
    );
    for headers in ENCODINGS {
        let cluster = Cluster::start(settings, Plan::of(&["ord"])).await?;
        let server = &cluster.instances[0];
        let page = http::get(server.place, "/", headers).await?;
        ensure!(page.status == 200, "GET / answers {}", page.status);
        let bare = bare(settings, &cluster, &page).await?;
        let crowd = Crowd::gather(&cluster.places(), CLICKERS).await?;
        let target = |at: &Instance| Target {
            place: at.place,
            pid: at.pid,
            path: "/",
            headers,
            connections: CONNECTIONS,
        };
        let mut loads: [Vec<Load>; 3] = Default::default();
        for _ in 0..settings.runs {
            // In turn, so that whatever else the machine does is shared by all three.
            loads[0].push(load(target(&bare), settings.window).await?);
            loads[1].push(load(target(server), settings.window).await?);
            loads[2].push(changing_load(settings, &crowd, target(server)).await?);
        }
        let bytes = count(page.body.len());
        let encoding = page.header("content-encoding").unwrap_or("identity");
        let [bare, idle, busy] = loads.map(medians);
        for (what, medians) in ROWS.into_iter().zip([&bare, &idle, &busy]) {
            let start = [what.to_owned(), encoding.to_owned(), bytes.clone()];
            table.row(start.into_iter().chain(cells(medians, &bare)));
        }
    }
    table.note("Aim: 50 % of bare axum. Where the server's core is not busy, the load's is the limit, and only CPU seconds compare. Alternatives, with numbers from Redis (from memory): Bun 46 600 (104 000), Node 22 400 (53 400), Socket.IO 18 600, Phoenix 3 200 requests/s.");
    Ok(table)
}

async fn slow_redis(settings: &Settings) -> anyhow::Result<Table> {
    let plan = Plan {
        proxied: true,
        ..Plan::of(&["ord"])
    };
    let cluster = Cluster::start(settings, plan).await?;
    let proxy = cluster
        .proxy
        .as_ref()
        .context("the plan asked for a proxy")?;
    let server = &cluster.instances[0];
    let mut table = Table::new(
        "first-load: GET / while Redis is slow, one connection",
        &[
            "added to every reply of Redis",
            "requests/s",
            "p50 ms",
            "p99 ms",
        ],
    );
    for delay in [Duration::ZERO, REDIS_DELAY] {
        proxy.delay(delay);
        let mut loads = Vec::new();
        for _ in 0..settings.runs {
            let target = Target {
                place: server.place,
                pid: server.pid,
                path: "/",
                headers: &[],
                connections: 1,
            };
            loads.push(load(target, settings.window).await?);
        }
        let medians = medians(loads);
        let start = [
            format!("{} ms", delay.as_millis()),
            figure(medians.per_second),
        ];
        table.row(
            start
                .into_iter()
                .chain([medians.p50_ms, medians.p99_ms].map(figure)),
        );
    }
    table.note("Aim: no difference. The first load takes its numbers from memory.");
    Ok(table)
}

/// One load while sessions of the instance click.
async fn changing_load(
    settings: &Settings,
    crowd: &Crowd,
    target: Target<'_>,
) -> anyhow::Result<Load> {
    let clicks = click_at(
        crowd.sessions(),
        CLICKS_PER_SECOND,
        WARM_UP + settings.window,
    );
    let (load, clicked) = tokio::join!(load(target, settings.window), clicks);
    clicked?;
    crowd.tally()?;
    load
}
