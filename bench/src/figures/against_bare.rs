//! What a bare axum handler makes of the same bytes.

use crate::cluster::{Cluster, Instance};
use crate::http::{Answer, Load};
use crate::settings::Settings;
use crate::stats::median;
use crate::table::figure;
use std::fs;

/// Headers that belong to the connection or the moment rather than to the page.
const OF_THE_MOMENT: [&str; 4] = ["content-length", "transfer-encoding", "connection", "date"];

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
