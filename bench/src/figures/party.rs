//! Parties: how many per second, and what they cost as their number grows.

use crate::cli::Settings;
use crate::cluster::{Cluster, Plan};
use crate::http::{Client, Run, measure, spread};
use crate::stats::Latencies;
use crate::table::{Table, count, figure};
use anyhow::{Context, ensure};
use edge::region::{DEFAULT_REGIONS, Place, Regions};
use serde_json::{Value, json};
use std::time::Instant;

/// Parties that exist at the same time while lifetimes are measured.
const AT_ONCE: usize = 32;
/// Participants of a party.
const PARTICIPANTS: usize = 4;
/// Calls in a party's lifetime: create, three joins, a list, four leaves.
const CALLS: f64 = 9.0;
/// The sizes of parties that talk, up to a full one.
const TALKING: [usize; 4] = [1, 4, 16, 64];
/// The numbers of parties as they grow.
const STEPS: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// The steps of a quick run.
const QUICK_STEPS: usize = 2;
/// Connections that create those at the same time.
const CONNECTIONS: usize = 64;
/// Searches at each step.
const SEARCHES: usize = 500;
/// The largest distance of a place from its city, in degrees in each direction.
const SPREAD_DEGREES: f64 = 0.5;

/// Four people who start one party after the other, with a connection to each server.
struct Group {
    clients: Vec<Client>,
    number: usize,
}

/// Whole lifetimes of parties per second through two instances.
pub(super) async fn lifetimes(settings: &Settings) -> anyhow::Result<Table> {
    let cluster = Cluster::start(settings, Plan::of(&["ord", "fra"])).await?;
    let meter = cluster.meter();
    let mut groups = Vec::new();
    for number in 0..AT_ONCE {
        let mut servers = cluster.addresses();
        // Every other group creates its parties on the second server.
        servers.rotate_left(number % 2);
        let mut clients = Vec::new();
        for server in servers {
            clients.push(Client::connect(server).await?);
        }
        groups.push(Group { clients, number });
    }
    let mut runs = Vec::new();
    for _ in 0..settings.runs {
        runs.push(measure(&meter, &mut groups, settings.window, Group::meet).await?);
    }
    let run = Run::median(&runs);
    let mut table = Table::new(
        format!("parties: lifetimes through two instances, {AT_ONCE} at once"),
        "parties/s | calls/s | server cores | Redis cores | calls per CPU second of Redis | a lifetime, p50 ms | a lifetime, p99 ms",
    );
    let numbers = [
        run.per_second,
        run.per_second * CALLS,
        run.server_cores,
        run.redis_cores,
        run.per_second * CALLS / run.redis_cores,
        run.p50_ms,
        run.p99_ms,
    ];
    table.row(numbers.map(figure));
    table.note("Each party is created over REST on one instance, joined by three others on both, listed, and left by all four; each answer is checked. Servers and Redis share a core. All parties are in one slot, so one node of a cluster has all of them: the calls per CPU second of Redis are what it can answer in a second, on a core of its own.");
    Ok(table)
}

impl Group {
    /// One party from its creation to its end.
    async fn meet(&mut self) -> anyhow::Result<()> {
        let Self { clients, number } = self;
        let participants = gather(clients, (*number, PARTICIPANTS), (52.52, 13.4)).await?;
        let list = clients[1].get_json(&participants).await?;
        let is_leader = |one: &&Value| one["is_leader"] == true;
        let leaders = list.as_array().context("no list")?.iter().filter(is_leader);
        ensure!(leaders.count() == 1, "not one leader: {list}");
        for at in 0..PARTICIPANTS {
            let path = format!("{participants}/{}", device(*number, at));
            clients[at % 2].delete(&path).await?;
        }
        Ok(())
    }
}

/// Creates a party and has the others join, over each connection in turn; returns the path of its participants.
async fn gather(
    clients: &mut [Client],
    (number, size): (usize, usize),
    (lat, lng): (f64, f64),
) -> anyhow::Result<String> {
    let (mut path, mut body) = ("/parties".to_owned(), json!({ "lat": lat, "lng": lng }));
    for at in 0..size {
        body["device_id"] = device(number, at).into();
        body["participant_name"] = format!("Guest number {at}").into();
        let answer = clients[at % clients.len()].post(&path, &body).await?;
        ensure!(answer["participant_id"] == at, "joined as {answer}");
        let code = answer["party_code"].as_str().context("no party code")?;
        path = format!("/parties/{code}/participants");
        body = json!({});
    }
    Ok(path)
}

fn device(number: usize, at: usize) -> String {
    format!("bench-device-{number}-{at}")
}

/// What a chat message costs Redis as parties grow in size: each tells every participant that there is something unread.
pub(super) async fn chat(settings: &Settings) -> anyhow::Result<Table> {
    let cluster = Cluster::start(settings, Plan::of(&["ord"])).await?;
    let meter = cluster.meter();
    let mut table = Table::new(
        "parties: chat messages as parties grow in size",
        "participants | messages/s | Redis, µs a message | p50 ms | p99 ms",
    );
    for size in TALKING {
        let mut client = Client::connect(cluster.servers[0].address).await?;
        let clients = std::slice::from_mut(&mut client);
        let participants = gather(clients, (size, size), (52.52, 13.4)).await?;
        let path = participants.replace("/participants", "/messages");
        let body = json!({ "device_id": device(size, 0), "message": "The kettle is on." });
        let mut runs = Vec::new();
        for _ in 0..settings.runs {
            let say = async |client: &mut Client| client.post(&path, &body).await.map(drop);
            let one = std::slice::from_mut(&mut client);
            runs.push(measure(&meter, one, settings.window, say).await?);
        }
        let run = Run::median(&runs);
        let redis_us = 1e6 * run.redis_cores / run.per_second;
        let numbers = [run.per_second, redis_us, run.p50_ms, run.p99_ms];
        let start = std::iter::once(count(size));
        table.row(start.chain(numbers.map(figure)));
    }
    table.note("One participant sends one message after the other over REST. The time of Redis is all that it uses, heartbeats included.");
    Ok(table)
}

/// What a party costs in Redis, and how long discovery takes, as parties grow in number.
pub(super) async fn growth(settings: &Settings) -> anyhow::Result<Table> {
    let cluster = Cluster::start(settings, Plan::of(&["ord"])).await?;
    let regions = Regions::parse(DEFAULT_REGIONS)?;
    let cities = regions.places();
    let mut table = Table::new(
        "parties: the cost as they grow in number",
        "parties of four | bytes in Redis each | created/s | nearby, p50 ms | nearby, p99 ms | found on average",
    );
    let empty = used_bytes(&cluster).await?;
    let steps = match settings.runs {
        1 => &STEPS[..QUICK_STEPS],
        _ => &STEPS,
    };
    let create = async |client: &mut Client, number: usize| {
        let degrees = SPREAD_DEGREES * (1 - number % 2) as f64;
        let place = around(cities, number, degrees);
        gather(std::slice::from_mut(client), (number, PARTICIPANTS), place)
            .await
            .map(drop)
    };
    let mut created = 0;
    for &step in steps {
        let begun = Instant::now();
        spread(&cluster.addresses(), CONNECTIONS, created..step, create).await?;
        let per_second = (step - created) as f64 / begun.elapsed().as_secs_f64();
        created = step;
        let bytes = (used_bytes(&cluster).await? - empty) / created as f64;
        let (latencies, found) = search(&cluster, cities).await?;
        let [p50_ms, p99_ms] = latencies.p50_p99_ms();
        let numbers = [per_second, p50_ms, p99_ms, found].map(figure);
        let start = [count(created), count(bytes.round())];
        table.row(start.into_iter().chain(numbers));
    }
    table.note("Half of the parties are spread around the cities of all regions, half are exactly there, as those of people who do not share their location. A search asks one instance for the twenty nearest within 50 km of a place around a city, over HTTP on one connection.");
    Ok(table)
}

/// Searches around cities, one after the other; how long each took, and how many parties it found on average.
async fn search(cluster: &Cluster, cities: &[Place]) -> anyhow::Result<(Latencies, f64)> {
    let mut client = Client::connect(cluster.servers[0].address).await?;
    let (mut latencies, mut found) = (Latencies::new()?, 0);
    for number in 0..SEARCHES {
        let (lat, lng) = around(cities, number, SPREAD_DEGREES);
        let path = format!("/parties?lat={lat}&lng={lng}&radius_km=50&limit=20");
        let begun = Instant::now();
        let parties = client.get_json(&path).await?;
        latencies.record(begun.elapsed());
        found += parties.as_array().context("no list")?.len();
    }
    Ok((latencies, found as f64 / SEARCHES as f64))
}

/// Latitude and longitude of a place near a city, always the same for the same number: the fractional parts
/// of multiples of two irrational numbers are spread evenly (H. Weyl, 1916).
fn around(cities: &[Place], number: usize, degrees: f64) -> (f64, f64) {
    let city = &cities[number % cities.len()];
    let off = |step: f64| (2.0 * (number as f64 * step).fract() - 1.0) * degrees;
    (
        city.lat + off(std::f64::consts::SQRT_2),
        city.lng + off(std::f64::consts::E),
    )
}

/// The memory that Redis uses.
async fn used_bytes(cluster: &Cluster) -> anyhow::Result<f64> {
    let mut connection = cluster.redis.first().connection().await?;
    let mut info = redis::cmd("INFO");
    let info: String = info.arg("memory").query_async(&mut connection).await?;
    let mut lines = info.lines();
    let bytes = lines.find_map(|line| line.strip_prefix("used_memory:"));
    Ok(bytes.context("INFO without used_memory")?.trim().parse()?)
}
