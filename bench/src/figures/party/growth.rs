//! What a party costs in Redis, and how long discovery takes, as parties grow in number.

use crate::cluster::{Cluster, Plan};
use crate::http::Client;
use crate::settings::Settings;
use crate::stats::Latencies;
use crate::table::{Table, count, figure};
use anyhow::Context;
use edge::region::{DEFAULT_REGIONS, Place, Regions};
use futures::future::try_join_all;
use serde_json::json;
use std::ops::Range;
use std::time::Instant;

/// The numbers of parties.
const STEPS: [u32; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// The steps of a quick run.
const QUICK_STEPS: usize = 2;
/// Participants of a party.
const PARTICIPANTS: u32 = 4;
/// Connections that create parties at the same time.
const CONNECTIONS: u32 = 64;
/// Searches at each step.
const SEARCHES: u32 = 500;
/// The largest distance of a place from its city, in degrees in each direction.
const SPREAD_DEGREES: f64 = 0.5;

/// A row for each step.
pub(super) async fn table(settings: &Settings) -> anyhow::Result<Table> {
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
    let mut created = 0;
    for &step in steps {
        let begun = Instant::now();
        create(&cluster, cities, created..step).await?;
        let per_second = f64::from(step - created) / begun.elapsed().as_secs_f64();
        created = step;
        let bytes = (used_bytes(&cluster).await? - empty) / f64::from(created);
        let (latencies, found) = search(&cluster, cities).await?;
        table.row([
            count(created),
            count(bytes.round()),
            figure(per_second),
            figure(latencies.percentile_ms(0.5)),
            figure(latencies.percentile_ms(0.99)),
            figure(found),
        ]);
    }
    table.note("Half of the parties are spread around the cities of all regions, half are exactly there, as those of people who do not share their location. A search asks one instance for the twenty nearest within 50 km of a place around a city, over HTTP on one connection.");
    Ok(table)
}

/// Creates the parties of these numbers, each with all its participants.
async fn create(cluster: &Cluster, cities: &[Place], numbers: Range<u32>) -> anyhow::Result<()> {
    let address = cluster.servers[0].address;
    let connections = (0..CONNECTIONS).map(async |first| {
        let mut client = Client::connect(address).await?;
        let numbers = numbers.start + first..numbers.end;
        for number in numbers.step_by(CONNECTIONS as usize) {
            create_one(&mut client, cities, number).await?;
        }
        anyhow::Ok(())
    });
    try_join_all(connections).await.map(drop)
}

async fn create_one(client: &mut Client, cities: &[Place], number: u32) -> anyhow::Result<()> {
    let spread = if number.is_multiple_of(2) {
        SPREAD_DEGREES
    } else {
        0.0
    };
    let (lat, lng) = around(cities, number, spread);
    let (mut path, mut place) = ("/parties".to_owned(), json!({ "lat": lat, "lng": lng }));
    for at in 0..PARTICIPANTS {
        let mut body = std::mem::take(&mut place);
        body["device_id"] = format!("bench-device-{number}-{at}").into();
        body["participant_name"] = format!("Guest number {at}").into();
        let answer = client.post(&path, &body).await?;
        if at == 0 {
            let code = answer["party_code"].as_str().context("no party code")?;
            path = format!("/parties/{code}/participants");
        }
    }
    Ok(())
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
    Ok((latencies, found as f64 / f64::from(SEARCHES)))
}

/// Latitude and longitude of a place near a city, always the same for the same number: the fractional parts
/// of multiples of two irrational numbers are spread evenly (H. Weyl, 1916).
fn around(cities: &[Place], number: u32, spread: f64) -> (f64, f64) {
    let city = &cities[number as usize % cities.len()];
    let off = |step: f64| (2.0 * (f64::from(number) * step).fract() - 1.0) * spread;
    (
        city.lat + off(std::f64::consts::SQRT_2),
        city.lng + off(std::f64::consts::E),
    )
}

/// The memory that Redis uses.
async fn used_bytes(cluster: &Cluster) -> anyhow::Result<f64> {
    let mut connection = cluster.redis.connection().await?;
    let mut info = redis::cmd("INFO");
    let info: String = info.arg("memory").query_async(&mut connection).await?;
    let mut lines = info.lines();
    let bytes = lines.find_map(|line| line.strip_prefix("used_memory:"));
    Ok(bytes.context("INFO without used_memory")?.trim().parse()?)
}
