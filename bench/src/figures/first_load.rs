//! `GET /`: requests a second and latency, against a bare handler that sends the same bytes.

use crate::cluster::{Cluster, Instance, Plan};
use crate::http::{self, Answer, Load, Target, WARM_UP, load};
use crate::live::{Crowd, click_at};
use crate::settings::Settings;
use crate::stats::median;
use crate::table::{Table, count, figure};
use anyhow::{Context, ensure};
use std::fs;
use std::time::Duration;

/// Connections that ask at once.
const CONNECTIONS: usize = 64;
/// Sessions that click while the world changes.
const CLICKERS: usize = 10;
/// How often they click together, a second.
const CLICKS_PER_SECOND: f64 = 100.0;
/// What is added to every reply of Redis.
const REDIS_DELAY: Duration = Duration::from_millis(200);
/// Headers that belong to the connection or the moment rather than to the page.
const OF_THE_MOMENT: [&str; 4] = ["content-length", "transfer-encoding", "connection", "date"];

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

/// The medians of several loads.
struct Medians {
    per_second: f64,
    per_cpu_second: f64,
    server_cores: f64,
    p50_ms: f64,
    p99_ms: f64,
}

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

/// A handler that sends what the page's answer was.
async fn bare(settings: &Settings, cluster: &Cluster, page: &Answer) -> anyhow::Result<Instance> {
    let folder = cluster.folder.path();
    let (headers, body) = (folder.join("headers"), folder.join("body"));
    let kept = page
        .headers
        .iter()
        .filter(|(name, _)| !OF_THE_MOMENT.contains(&name.as_str()));
    let lines: Vec<_> = kept
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    fs::write(&headers, lines.join("\n"))?;
    fs::write(&body, &page.body)?;
    let options = [
        ("--headers", headers.as_os_str()),
        ("--body", body.as_os_str()),
    ];
    Instance::baseline(settings, "http", &options, folder).await
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

fn medians(mut loads: Vec<Load>) -> Medians {
    let mut each = |number: fn(&mut Load) -> f64| median(loads.iter_mut().map(number).collect());
    Medians {
        per_second: each(|load| load.per_second),
        per_cpu_second: each(|load| load.per_cpu_second),
        server_cores: each(|load| load.server_cores),
        p50_ms: each(|load| load.latencies.percentile_ms(0.5)),
        p99_ms: each(|load| load.latencies.percentile_ms(0.99)),
    }
}

/// The cells of a row beside what it is compared with.
fn cells(medians: &Medians, bare: &Medians) -> [String; 7] {
    let share = |ours: f64, theirs: f64| format!("{:.0} %", 100.0 * ours / theirs);
    [
        figure(medians.per_second),
        share(medians.per_second, bare.per_second),
        figure(medians.server_cores),
        figure(medians.per_cpu_second),
        share(medians.per_cpu_second, bare.per_cpu_second),
        figure(medians.p50_ms),
        figure(medians.p99_ms),
    ]
}
