//! Requests per second against a bare axum handler that sends the same bytes: pages, dispatch and the draw.

use super::draw;
use crate::cli::Settings;
use crate::cluster::{Cluster, Plan, Process};
use crate::http::{Client, Run, WARM_UP, get, measure};
use crate::live::{Crowd, click_at};
use crate::table::{Table, count, figure};
use anyhow::Context;
use hyper::header::CONTENT_ENCODING;
use std::time::Duration;

/// Connections that send requests at the same time.
const CONNECTIONS: usize = 64;
/// Clicks per second while the world changes.
const CLICKS_PER_SECOND: f64 = 100.0;
/// Sessions that click while the world changes.
const CLICKERS: usize = 10;
/// The encodings that a request for the page accepts: none, and those of a browser.
const ENCODINGS: [&str; 2] = ["identity", "gzip, deflate, br, zstd"];
/// The delay of every reply of the slow Redis.
const REDIS_DELAY: Duration = Duration::from_millis(200);
/// The number of players of the draw.
const PLAYERS: u32 = 1_000_000;
/// The time from round to round of the draw: one or two begin during a run.
const EVERY: Duration = Duration::from_secs(5);
/// The shortest pause between two rounds.
const PAUSE: Duration = Duration::from_secs(1);
/// A request from Berlin: Frankfurt is the nearest of the three regions.
const DISPATCH: Subject<'_> = Subject {
    name: "GET /managers/find",
    path: "/managers/find?lat=52.52&lng=13.4",
    accept_encoding: "identity",
};
const MAX_TWO: Subject<'_> = Subject {
    name: "GET /api/max-two",
    path: "/api/max-two",
    accept_encoding: "identity",
};

/// What is compared.
#[derive(Clone, Copy, Debug)]
struct Subject<'a> {
    /// Its name in the table.
    name: &'a str,
    /// Its path at the cluster's first server.
    path: &'a str,
    /// The encodings that each request accepts.
    accept_encoding: &'a str,
}

/// The page, to a browser and unencoded.
pub(super) async fn first_load(settings: &Settings) -> anyhow::Result<Table> {
    let mut table = table("first-load: GET / on one instance");
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

/// The page while Redis is slow.
pub(super) async fn slow_redis(settings: &Settings) -> anyhow::Result<Table> {
    let plan = Plan {
        proxied: true,
        ..Plan::of(&["ord"])
    };
    let cluster = Cluster::start(settings, plan).await?;
    let proxy = cluster.proxy.as_ref().context("the plan has a proxy")?;
    let meter = cluster.meter();
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
        let delay = format!("{} ms", delay.as_millis());
        table.row([delay].into_iter().chain(numbers));
    }
    table.note("Goal: no difference. The page's numbers come from memory.");
    Ok(table)
}

/// Dispatch by one of three live instances.
pub(super) async fn dispatch(settings: &Settings) -> anyhow::Result<Table> {
    let cluster = Cluster::start(settings, Plan::of(&["ord", "fra", "syd"])).await?;
    // All are ready, but the first may not know the others yet.
    cluster.wait_for(|world| world.regions.len() == 3).await?;
    let mut table = table("dispatch: one of three live instances");
    compare(settings, &cluster, DISPATCH, None, &mut table).await?;
    table.note("Goal: 60 % of bare axum. If the server's core is not fully used, the load's core is the bottleneck, and only CPU seconds are comparable.");
    Ok(table)
}

/// Answers of the draw, with rounds meanwhile.
pub(super) async fn max_two(settings: &Settings) -> anyhow::Result<Table> {
    let variables = draw::variables(PLAYERS, EVERY, PAUSE);
    let plan = Plan {
        variables: &variables,
        ..Plan::of(&draw::REGIONS)
    };
    let cluster = Cluster::start(settings, plan).await?;
    wait_for_two(&cluster).await?;
    let mut table = table("draw: one of three instances asked for two players");
    compare(settings, &cluster, MAX_TWO, None, &mut table).await?;
    table.note(format!("Goal: 60 % of bare axum. {} players, with a round every {} s meanwhile on the same core. Each answer picks anew; the time of the last goes to the other instances through Redis once a second. If the server's core is not fully used, the load's core is the bottleneck, and only CPU seconds are comparable.", count(PLAYERS), EVERY.as_secs()));
    Ok(table)
}

/// Waits for a round whose answers have two players and a time, as nearly all have: in the first, nobody has
/// points; in one of a hundred, nobody is above the minimum.
async fn wait_for_two(cluster: &Cluster) -> anyhow::Result<()> {
    loop {
        draw::observe(cluster, 1).await?;
        let server = cluster.servers[0].address;
        get(server, MAX_TWO.path, &[]).await?;
        let answer = get(server, MAX_TWO.path, &[]).await?;
        let two: protocol::MaxTwo = serde_json::from_slice(answer.body())?;
        if two.users.len() == 2 && two.timestamp.is_some() {
            return Ok(());
        }
    }
}

/// An empty table for comparisons.
fn table(title: &str) -> Table {
    Table::new(
        format!("{title}, {CONNECTIONS} connections"),
        "what | encoding | bytes | requests/s | of bare axum | server cores | requests per CPU second | of bare axum | p50 ms | p99 ms",
    )
}

/// Adds a row for the bare handler, one for the subject, and, given a crowd, one for the subject while it clicks.
async fn compare(
    settings: &Settings,
    cluster: &Cluster,
    subject: Subject<'_>,
    crowd: Option<&Crowd>,
    table: &mut Table,
) -> anyhow::Result<()> {
    let server = &cluster.servers[0];
    let headers = [("Accept-Encoding", subject.accept_encoding)];
    let answer = get(server.address, subject.path, &headers).await?;
    let source = server.address.to_string();
    let arguments = ["http", &source, subject.path, subject.accept_encoding];
    let bare = Process::baseline(&arguments, cluster.folder.path()).await?;
    let bare_subject = Subject {
        path: "/",
        ..subject
    };
    let mut runs: [Vec<Run>; 3] = Default::default();
    for _ in 0..settings.runs {
        // In turn, so that other work of the machine affects all alike.
        runs[0].push(load(settings, &bare, bare_subject).await?);
        runs[1].push(load(settings, server, subject).await?);
        if let Some(crowd) = crowd {
            let window = WARM_UP + settings.window;
            let clicks = click_at(&crowd.sessions, CLICKS_PER_SECOND, window);
            let (run, ()) = tokio::join!(load(settings, server, subject), clicks);
            crowd.check()?;
            runs[2].push(run?);
        }
    }
    let names = [
        "bare axum, the same bytes".to_owned(),
        subject.name.to_owned(),
        format!("{}, {CLICKS_PER_SECOND} clicks/s meanwhile", subject.name),
    ];
    let encoding = answer.headers().get(CONTENT_ENCODING);
    let encoding = encoding.map_or(Ok("identity"), |value| value.to_str())?;
    let reference = Run::median(&runs[0]);
    for (name, runs) in names.into_iter().zip(&runs) {
        if !runs.is_empty() {
            let start = [name, encoding.to_owned(), count(answer.body().len())];
            let numbers = cells(&Run::median(runs), &reference);
            table.row(start.into_iter().chain(numbers));
        }
    }
    Ok(())
}

/// Loads one process from all connections.
async fn load(settings: &Settings, process: &Process, subject: Subject<'_>) -> anyhow::Result<Run> {
    let headers = [("Accept-Encoding", subject.accept_encoding)];
    let mut clients = Vec::new();
    for _ in 0..CONNECTIONS {
        clients.push(Client::connect_with(process.address, &headers).await?);
    }
    let meter = process.meter();
    let request = async |client: &mut Client| client.get(subject.path).await.map(drop);
    measure(&meter, &mut clients, settings.window, request).await
}

/// The numbers of a row, beside those of the bare handler.
fn cells(run: &Run, bare: &Run) -> [String; 7] {
    let share = |ours: f64, theirs: f64| format!("{:.0} %", 100.0 * ours / theirs);
    [
        figure(run.per_second),
        share(run.per_second, bare.per_second),
        figure(run.server_cores),
        figure(run.per_cpu_second),
        share(run.per_cpu_second, bare.per_cpu_second),
        figure(run.p50_ms),
        figure(run.p99_ms),
    ]
}
