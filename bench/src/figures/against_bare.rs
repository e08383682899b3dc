//! What a bare axum handler makes of the same bytes.

use crate::cluster::{Cluster, Instance};
use crate::http::{Answer, Load, Target, load};
use crate::settings::Settings;
use crate::stats::median;
use crate::table::{Table, count, figure};
use std::fs;

/// Headers that belong to the connection or the moment rather than to the page.
const OF_THE_MOMENT: [&str; 4] = ["content-length", "transfer-encoding", "connection", "date"];

/// Connections that ask at once.
const CONNECTIONS: usize = 64;

/// The medians of several loads.
pub(super) struct Medians {
    pub(super) per_second: f64,
    per_cpu_second: f64,
    server_cores: f64,
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
}

/// A handler that sends what an answer was.
///
/// # Errors
/// Where it does not start.
pub(super) async fn bare(
    settings: &Settings,
    cluster: &Cluster,
    answer: &Answer,
) -> anyhow::Result<Instance> {
    let folder = cluster.folder.path();
    let (headers, body) = (folder.join("headers"), folder.join("body"));
    let kept = answer
        .headers
        .iter()
        .filter(|(name, _)| !OF_THE_MOMENT.contains(&name.as_str()));
    let lines: Vec<_> = kept
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    fs::write(&headers, lines.join("\n"))?;
    fs::write(&body, &answer.body)?;
    let options = [
        ("--headers", headers.as_os_str()),
        ("--body", body.as_os_str()),
    ];
    Instance::baseline(settings, "http", &options, folder).await
}

/// A path of the first instance.
pub(super) struct Asked<'a> {
    /// What it is called in the table.
    pub(super) what: &'a str,
    pub(super) path: &'a str,
    /// What it answers, for the bare handler to send.
    pub(super) answer: Answer,
}

/// A row for a bare handler that sends the same bytes, and one for the instance: loaded in turn.
///
/// # Errors
/// Where something does not start or answer.
pub(super) async fn beside_bare(
    settings: &Settings,
    cluster: &Cluster,
    asked: Asked<'_>,
    title: &str,
) -> anyhow::Result<Table> {
    let bare = bare(settings, cluster, &asked.answer).await?;
    let target = |at: &Instance, path| Target {
        place: at.place,
        pid: at.pid,
        path,
        headers: &[],
        connections: CONNECTIONS,
    };
    let mut loads: [Vec<Load>; 2] = Default::default();
    for _ in 0..settings.runs {
        loads[0].push(load(target(&bare, "/"), settings.window).await?);
        loads[1].push(load(target(&cluster.instances[0], asked.path), settings.window).await?);
    }
    let mut table = Table::new(
        format!("{title}, {CONNECTIONS} connections"),
        &[
            "what",
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
    let [bare, ours] = loads.map(medians);
    let rows = [("bare axum, the same bytes", &bare), (asked.what, &ours)];
    for (what, medians) in rows {
        let start = [what.to_owned(), count(asked.answer.body.len())];
        table.row(start.into_iter().chain(cells(medians, &bare)));
    }
    Ok(table)
}

/// The medians of several loads.
pub(super) fn medians(mut loads: Vec<Load>) -> Medians {
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
pub(super) fn cells(medians: &Medians, bare: &Medians) -> [String; 7] {
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
