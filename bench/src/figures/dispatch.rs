//! `GET /managers/find`: requests a second, against a bare handler that sends the same bytes.

use super::against_bare::{Asked, beside_bare};
use crate::cluster::{Cluster, Plan};
use crate::http;
use crate::settings::Settings;
use crate::table::Table;
use anyhow::ensure;

/// Berlin asks: of the three regions that live, Frankfurt is nearest.
const PATH: &str = "/managers/find?lat=52.52&lng=13.4";

/// A row for each.
///
/// # Errors
/// Where something does not start or answer.
pub async fn table(settings: &Settings) -> anyhow::Result<Table> {
    let cluster = Cluster::start(settings, Plan::of(&["ord", "fra", "syd"])).await?;
    // All three are ready: the first one may still have to hear of the others.
    cluster.agree(|sums| sums.instances == 3).await?;
    let answer = http::get(cluster.instances[0].place, PATH, &[]).await?;
    ensure!(answer.status == 200, "{PATH} answers {}", answer.status);
    let asked = Asked {
        what: "GET /managers/find",
        path: PATH,
        answer,
    };
    let title = "dispatch: one of three live instances asked";
    let mut table = beside_bare(settings, &cluster, asked, title).await?;
    table.note("Aim: 60 % of bare axum. Where the server's core is not busy, the load's is the limit, and only CPU seconds compare.");
    Ok(table)
}
