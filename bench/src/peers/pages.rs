//! `GET /` with live numbers.

use super::contestant::{Contestant, Stage};
use super::rounds;
use crate::http::{Client, measure};
use crate::live::click_at;
use crate::table::Table;
use tokio::task::spawn_local;

/// Connections that send requests at the same time.
const CONNECTIONS: usize = 64;
/// Sessions that click meanwhile, and clicks per second.
const SESSIONS: usize = 10;
const CLICKS_PER_SECOND: f64 = 100.0;

/// Requests per second at one of the two servers.
pub async fn table(stage: &Stage<'_>) -> anyhow::Result<Table> {
    let mut table = Table::new(
        "peers: GET / at one server, 100 clicks/s meanwhile",
        "server | bytes | requests/s | server cores | requests per CPU second | p50 ms | p99 ms",
    );
    rounds(stage, &mut table, &[], async |contestant| {
        requests(stage, contestant).await
    })
    .await?;
    table.note("Uncompressed. Server cores and CPU seconds are of both servers.");
    Ok(table)
}

async fn requests(stage: &Stage<'_>, contestant: Contestant) -> anyhow::Result<[f64; 6]> {
    let cluster = stage.start(contestant).await?;
    let crowd = stage.crowd(contestant, &cluster, SESSIONS).await?;
    let address = cluster.servers[0].address;
    let mut clients = Vec::new();
    for _ in 0..CONNECTIONS {
        clients.push(Client::connect(address).await?);
    }
    let bytes = clients[0].get("/").await?.body().len();
    let sessions = crowd.sessions.clone();
    let window = stage.settings.window;
    let clicks =
        spawn_local(async move { click_at(&sessions, CLICKS_PER_SECOND, window * 2).await });
    let request = async |client: &mut Client| client.get("/").await.map(drop);
    let run = measure(&cluster.meter(), &mut clients, window, request).await?;
    clicks.abort();
    crowd.check()?;
    Ok([
        bytes as f64,
        run.per_second,
        run.server_cores,
        run.per_cpu_second,
        run.p50_ms,
        run.p99_ms,
    ])
}
