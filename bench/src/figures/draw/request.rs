//! `GET /api/max-two`: requests per second, against a bare handler that sends the same bytes.

use super::rounds::{REGIONS, observe, variables};
use crate::cluster::{Cluster, Plan};
use crate::figures::bare::{self, Subject, compare};
use crate::http::get;
use crate::settings::Settings;
use crate::table::{Table, count};
use std::time::Duration;

/// The number of players.
const PLAYERS: u32 = 1_000_000;
/// The time from round to round: one or two begin during a run.
const EVERY: Duration = Duration::from_secs(5);
/// The shortest pause between two rounds.
const PAUSE: Duration = Duration::from_secs(1);

const SUBJECT: Subject<'_> = Subject {
    name: "GET /api/max-two",
    path: "/api/max-two",
    accept_encoding: "identity",
};

/// A row for each.
pub(super) async fn table(settings: &Settings) -> anyhow::Result<Table> {
    let variables = variables(PLAYERS, EVERY, PAUSE);
    let plan = Plan {
        variables: &variables,
        ..Plan::of(&REGIONS)
    };
    let cluster = Cluster::start(settings, plan).await?;
    wait_for_two(&cluster).await?;
    let mut table = bare::table("draw: one of three instances asked for two players");
    compare(settings, &cluster, SUBJECT, None, &mut table).await?;
    table.note(format!("Goal: 60 % of bare axum. {} players, with a round every {} s meanwhile on the same core. Each answer picks anew; the time of the last goes to the other instances through Redis once a second. If the server's core is not fully used, the load's core is the bottleneck, and only CPU seconds are comparable.", count(PLAYERS), EVERY.as_secs()));
    Ok(table)
}

/// Waits for a round whose answers have two players and a time, as nearly all have: in the first, nobody has
/// points; in one of a hundred, nobody is above the minimum.
async fn wait_for_two(cluster: &Cluster) -> anyhow::Result<()> {
    loop {
        observe(cluster, 1).await?;
        let server = cluster.servers[0].address;
        get(server, SUBJECT.path, &[]).await?;
        let answer = get(server, SUBJECT.path, &[]).await?;
        let two: protocol::MaxTwo = serde_json::from_slice(answer.body())?;
        if two.users.len() == 2 && two.timestamp.is_some() {
            return Ok(());
        }
    }
}
