//! `GET /api/max-two`: requests a second, against a bare handler that sends the same bytes.

use super::against_bare::{Asked, beside_bare};
use super::draw_rounds::{REGIONS, variables, watch};
use crate::cluster::{Cluster, Plan};
use crate::http::{self, Answer};
use crate::settings::Settings;
use crate::table::{Table, count};
use anyhow::ensure;
use std::time::Duration;

/// Who plays.
const PLAYERS: u32 = 1_000_000;
/// From round to round: one or two of them come to pass while a load runs.
const EVERY: Duration = Duration::from_secs(5);
/// The least rest.
const REST: Duration = Duration::from_secs(1);
/// What is asked for.
const PATH: &str = "/api/max-two";

/// A row for each.
///
/// # Errors
/// Where something does not start or answer.
pub(super) async fn table(settings: &Settings) -> anyhow::Result<Table> {
    let variables = variables(PLAYERS, EVERY, REST);
    let plan = Plan {
        variables: &variables,
        ..Plan::of(&REGIONS)
    };
    let cluster = Cluster::start(settings, plan).await?;
    let asked = Asked {
        what: "GET /api/max-two",
        path: PATH,
        answer: two(&cluster).await?,
    };
    let title = "draw: one of three instances asked for two players";
    let mut table = beside_bare(settings, &cluster, asked, title).await?;
    table.note(format!("Aim: 60 % of bare axum. Of {} players, with a round every {} s meanwhile, to the same core. Each answer picks anew; the time of the last goes to the other instances through Redis, once a second. Where the server's core is not busy, the load's is the limit, and only CPU seconds compare.", count(PLAYERS), EVERY.as_secs()));
    Ok(table)
}

/// An answer with two players and a time, as nearly all are: of the first round nobody has points, and of one in a
/// hundred nobody is above the minimum.
async fn two(cluster: &Cluster) -> anyhow::Result<Answer> {
    let place = cluster.instances[0].place;
    loop {
        watch(cluster, 1).await?;
        http::get(place, PATH, &[]).await?;
        let answer = http::get(place, PATH, &[]).await?;
        ensure!(answer.status == 200, "{PATH} answers {}", answer.status);
        let two: protocol::MaxTwo = serde_json::from_slice(&answer.body)?;
        if two.users.len() == 2 && two.timestamp.is_some() {
            return Ok(answer);
        }
    }
}
