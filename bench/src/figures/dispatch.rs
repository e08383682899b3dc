//! `GET /managers/find`: requests a second, against a bare handler that sends the same bytes.

use super::against_bare::{bare, cells, medians};
use crate::cluster::{Cluster, Instance, Plan};
use crate::http::{self, Load, Target, load};
use crate::settings::Settings;
use crate::table::{Table, count};
use anyhow::ensure;

/// Connections that ask at once.
const CONNECTIONS: usize = 64;
/// Berlin asks: of the three regions that live, Frankfurt is nearest.
const PATH: &str = "/managers/find?lat=52.52&lng=13.4";
/// What is measured.
const ROWS: [&str; 2] = ["bare axum, the same bytes", "GET /managers/find"];

/// A row for each.
///
/// # Errors
/// Where something does not start or answer.
pub async fn table(settings: &Settings) -> anyhow::Result<Table> {
    let cluster = Cluster::start(settings, Plan::of(&["ord", "fra", "syd"])).await?;
    let server = &cluster.instances[0];
    // All three are ready: the first one may still have to hear of the others.
    cluster.agree(|sums| sums.instances == 3).await?;
    let answer = http::get(server.place, PATH, &[]).await?;
    ensure!(answer.status == 200, "{PATH} answers {}", answer.status);
    let bare = bare(settings, &cluster, &answer).await?;
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
        loads[1].push(load(target(server, PATH), settings.window).await?);
    }
    let mut table = Table::new(
        format!("dispatch: one of three live instances asked, {CONNECTIONS} connections"),
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
    for (what, medians) in ROWS.into_iter().zip([&bare, &ours]) {
        let start = [what.to_owned(), count(answer.body.len())];
        table.row(start.into_iter().chain(cells(medians, &bare)));
    }
    table.note("Aim: 60 % of bare axum. Where the server's core is not busy, the load's is the limit, and only CPU seconds compare.");
    Ok(table)
}
