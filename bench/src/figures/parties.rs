//! Parties: whole lives a second through two instances, and what many of them cost.

use super::party_growth;
use crate::cluster::{Cluster, Place, Plan};
use crate::http::Client;
use crate::machine;
use crate::settings::Settings;
use crate::stats::{Latencies, median_of};
use crate::table::{Table, figure};
use anyhow::{Context, ensure};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Rounds that go on at once.
const AT_ONCE: usize = 32;
/// Participants of a party.
const PARTICIPANTS: usize = 4;
/// Calls of a round: create, three joins, a list, four leaves.
const CALLS: f64 = 9.0;

/// What one run came to.
struct Run {
    rounds_per_second: f64,
    server_cores: f64,
    redis_cores: f64,
    p50_ms: f64,
    p99_ms: f64,
}

/// Both tables.
///
/// # Errors
/// Where something does not start, or a round does not go as it must.
pub async fn tables(settings: &Settings) -> anyhow::Result<Vec<Table>> {
    Ok(vec![
        rounds(settings).await?,
        party_growth::table(settings).await?,
    ])
}

async fn rounds(settings: &Settings) -> anyhow::Result<Table> {
    let cluster = Cluster::start(settings, Plan::of(&["ord", "fra"])).await?;
    let mut runs = Vec::new();
    for _ in 0..settings.runs {
        runs.push(run(&cluster, settings.window).await?);
    }
    let mut table = Table::new(
        format!("parties: whole lives through two instances, {AT_ONCE} at once"),
        &[
            "rounds/s",
            "calls/s",
            "server cores",
            "Redis cores",
            "a round, p50 ms",
            "a round, p99 ms",
        ],
    );
    let rounds = median_of(&runs, |run| run.rounds_per_second);
    let others: [fn(&Run) -> f64; 4] = [
        |run| run.server_cores,
        |run| run.redis_cores,
        |run| run.p50_ms,
        |run| run.p99_ms,
    ];
    let others = others.map(|number| figure(median_of(&runs, number)));
    table.row(
        [figure(rounds), figure(rounds * CALLS)]
            .into_iter()
            .chain(others),
    );
    table.note("A round is a party's life over REST: created on one instance, joined by three others on either, listed, and left by all four, each answer checked. Servers and Redis share a core.");
    Ok(table)
}

async fn run(cluster: &Cluster, window: Duration) -> anyhow::Result<Run> {
    let redis = cluster.redis.pid().context("redis-server ended")?;
    let servers = || -> anyhow::Result<f64> {
        let pids = cluster.instances.iter().map(|instance| instance.pid);
        pids.map(machine::cpu_seconds).sum()
    };
    let (server_cpu, redis_cpu) = (servers()?, machine::cpu_seconds(redis)?);
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for number in 0..AT_ONCE {
        let mut places = cluster.places();
        places.rotate_left(number % cluster.instances.len());
        tasks.spawn_local(lives(places, number, start + window));
    }
    let mut latencies = Latencies::default();
    while let Some(part) = tasks.join_next().await {
        latencies.append(part??);
    }
    let seconds = start.elapsed().as_secs_f64();
    Ok(Run {
        rounds_per_second: latencies.len() as f64 / seconds,
        server_cores: (servers()? - server_cpu) / seconds,
        redis_cores: (machine::cpu_seconds(redis)? - redis_cpu) / seconds,
        p50_ms: latencies.percentile_ms(0.5),
        p99_ms: latencies.percentile_ms(0.99),
    })
}

/// One party after the other, until the end; how long each took.
async fn lives(places: Vec<Place>, number: usize, end: Instant) -> anyhow::Result<Latencies> {
    let mut clients = Vec::new();
    for place in places {
        clients.push(Client::connect(place).await?);
    }
    let devices: Vec<_> = (0..PARTICIPANTS)
        .map(|at| format!("bench-device-{number}-{at}"))
        .collect();
    let mut latencies = Latencies::default();
    while Instant::now() < end {
        let begun = Instant::now();
        life(&mut clients, &devices).await?;
        latencies.push(begun.elapsed());
    }
    Ok(latencies)
}

/// A party from its creation to its end.
async fn life(clients: &mut [Client], devices: &[String]) -> anyhow::Result<()> {
    let body =
        json!({ "device_id": devices[0], "participant_name": "Ann", "lat": 52.52, "lng": 13.4 });
    let (status, party) = clients[0].call("POST", "/parties", Some(body)).await?;
    ensure!(
        status == 201,
        "creating a party is answered {status}: {party}"
    );
    let code = party["party_code"]
        .as_str()
        .context("a party without a code")?;
    let participants = format!("/parties/{code}/participants");
    for (at, device) in devices.iter().enumerate().skip(1) {
        let body = json!({ "device_id": device, "participant_name": format!("Guest {at}") });
        let client = &mut clients[at % 2];
        let (status, joined) = client.call("POST", &participants, Some(body)).await?;
        ensure!(
            status == 201 && joined["participant_id"] == at,
            "joining is answered {status}: {joined}"
        );
    }
    let (status, list) = clients[1].call("GET", &participants, None).await?;
    let leaders = list.as_array().map_or(0, |list| {
        list.iter()
            .filter(|one| one["is_leader"] == Value::Bool(true))
            .count()
    });
    ensure!(
        status == 200 && leaders == 1,
        "the list is answered {status}: {list}"
    );
    for (at, device) in devices.iter().enumerate() {
        let path = format!("{participants}/{device}");
        let (status, answer) = clients[at % 2].call("DELETE", &path, None).await?;
        ensure!(status == 204, "leaving is answered {status}: {answer}");
    }
    Ok(())
}
