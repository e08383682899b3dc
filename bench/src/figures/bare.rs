//! Comparisons of an answer with a bare axum handler that sends the same bytes.

use crate::cluster::{Cluster, Meter, Process};
use crate::http::{Client, Run, WARM_UP, get, measure};
use crate::live::{Crowd, click_at};
use crate::settings::Settings;
use crate::table::{Table, count, figure};
use hyper::header::CONTENT_ENCODING;

/// Connections that send requests at the same time.
const CONNECTIONS: usize = 64;
/// Clicks per second while the world changes.
const CLICKS_PER_SECOND: f64 = 100.0;

/// What is compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject<'a> {
    /// Its name in the table.
    pub(super) name: &'a str,
    /// Its path at the cluster's first server.
    pub(super) path: &'a str,
    /// The encodings that each request accepts.
    pub(super) accept_encoding: &'a str,
}

/// An empty table for comparisons.
pub(super) fn table(title: &str) -> Table {
    Table::new(
        format!("{title}, {CONNECTIONS} connections"),
        "what | encoding | bytes | requests/s | of bare axum | server cores | requests per CPU second | of bare axum | p50 ms | p99 ms",
    )
}

/// Adds a row for the bare handler, one for the subject, and, given a crowd, one for the subject while it clicks.
pub(super) async fn compare(
    settings: &Settings,
    cluster: &Cluster,
    subject: Subject<'_>,
    crowd: Option<&Crowd>,
    table: &mut Table,
) -> anyhow::Result<()> {
    let server = &cluster.servers[0];
    let headers = [("Accept-Encoding", subject.accept_encoding)];
    let answer = get(server.address, subject.path, &headers).await?;
    let options = [
        ("--source", &*server.address.to_string()),
        ("--path", subject.path),
        ("--accept-encoding", subject.accept_encoding),
    ];
    let folder = cluster.folder.path();
    let bare = Process::baseline(settings, "http", &options, folder).await?;
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
            let clicks = click_at(
                crowd.sessions(),
                CLICKS_PER_SECOND,
                WARM_UP + settings.window,
            );
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
    let meter = Meter::of_process(process);
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
