//! `GET /managers/find`: requests per second, against a bare handler that sends the same bytes.

use super::bare::{self, Subject, compare};
use crate::cluster::{Cluster, Plan};
use crate::settings::Settings;
use crate::table::Table;

/// A request from Berlin: Frankfurt is the nearest of the three regions.
const SUBJECT: Subject<'_> = Subject {
    name: "GET /managers/find",
    path: "/managers/find?lat=52.52&lng=13.4",
    accept_encoding: "identity",
};

/// A row for each.
pub async fn table(settings: &Settings) -> anyhow::Result<Table> {
    let cluster = Cluster::start(settings, Plan::of(&["ord", "fra", "syd"])).await?;
    // All are ready, but the first may not know the others yet.
    cluster.wait_for(|world| world.regions.len() == 3).await?;
    let mut table = bare::table("dispatch: one of three live instances");
    compare(settings, &cluster, SUBJECT, None, &mut table).await?;
    table.note("Goal: 60 % of bare axum. If the server's core is not fully used, the load's core is the bottleneck, and only CPU seconds are comparable.");
    Ok(table)
}
