//! What a party costs in Redis, and how long discovery takes, as parties grow in number.

use crate::cluster::{Cluster, Plan};
use crate::http::Client;
use crate::settings::Settings;
use crate::stats::Latencies;
use crate::table::{Table, count, figure};
use anyhow::{Context, ensure};
use edge::region::{DEFAULT_REGIONS, Place, Regions};
use edge::{Config, Endpoint, Engine, Limits, Metrics, PartyPlan, PersonId};
use futures::stream::{self, StreamExt, TryStreamExt};
use protocol::{Coordinates, ParticipantName};
use std::time::{Duration, Instant};

/// How many parties there are, step by step.
const STEPS: [u32; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// The steps of a quick run.
const QUICK_STEPS: usize = 2;
/// Participants of each.
const PARTICIPANTS: u32 = 4;
/// Parties made at once.
const AT_ONCE: usize = 64;
/// Searches at each step.
const SEARCHES: u32 = 500;
/// How far from its region's city a person with a place is, in degrees either way.
const SPREAD_DEGREES: f64 = 0.5;

/// A row for each step.
///
/// # Errors
/// Where something does not start, or a party cannot be made or found.
pub async fn table(settings: &Settings) -> anyhow::Result<Table> {
    let cluster = Cluster::start(settings, Plan::of(&["ord"])).await?;
    let regions = Regions::parse(DEFAULT_REGIONS)?;
    let engine = maker(&cluster, &regions)?;
    let mut table = Table::new(
        "parties: what they cost as they grow in number",
        &[
            "parties of four",
            "bytes in Redis each",
            "made/s",
            "nearby, p50 ms",
            "nearby, p99 ms",
            "found on average",
        ],
    );
    let empty = used_bytes(&cluster).await?;
    let steps = if settings.runs == 1 {
        &STEPS[..QUICK_STEPS]
    } else {
        &STEPS
    };
    let mut made = 0;
    for &step in steps {
        let begun = Instant::now();
        fill(&engine, regions.places(), made..step).await?;
        let per_second = f64::from(step - made) / begun.elapsed().as_secs_f64();
        made = step;
        let bytes = (used_bytes(&cluster).await? - empty) / f64::from(made);
        let (mut latencies, found) = search(&cluster, regions.places()).await?;
        table.row([
            count(made),
            count(bytes.round()),
            figure(per_second),
            figure(latencies.percentile_ms(0.5)),
            figure(latencies.percentile_ms(0.99)),
            figure(found),
        ]);
    }
    engine.shutdown().await;
    table.note("Half of the parties lie around the cities of all regions, half just at them, as those of people do who do not say where they are. A search asks one instance for the twenty nearest within 50 km of a random place around a city, over HTTP on one connection.");
    Ok(table)
}

/// An engine of this process that makes parties: a million over REST would take the load's core too long.
fn maker(cluster: &Cluster, regions: &Regions) -> anyhow::Result<Engine> {
    let config = Config {
        place: regions.find("ord")?.clone(),
        regions: regions.clone(),
        peers: edge::peer::Peers::default(),
        url: "http://127.0.0.1:9".into(),
        redis: Endpoint::Url(cluster.redis.url()),
        prefix: "bench".into(),
        limits: Limits {
            redis_timeout: Duration::from_secs(10),
            beat_limit: Duration::from_secs(60),
            ..Limits::default()
        },
    };
    Ok(Engine::start(
        config,
        Metrics::new(&mut Default::default()),
    )?)
}

async fn fill(
    engine: &Engine,
    places: &[Place],
    numbers: std::ops::Range<u32>,
) -> anyhow::Result<()> {
    let mut changes = engine.mirror().changes();
    while !engine.mirror().is_full() {
        changes.changed().await?;
    }
    stream::iter(numbers)
        .map(|number| make(engine, places, number))
        .buffer_unordered(AT_ONCE)
        .try_collect::<()>()
        .await
}

async fn make(engine: &Engine, places: &[Place], number: u32) -> anyhow::Result<()> {
    let person = |at: u32| PersonId((u128::from(number * PARTICIPANTS + at) << 64).to_be_bytes());
    let name = |at: u32| ParticipantName::parse(&format!("Guest number {at}")).ok();
    let spread = if number.is_multiple_of(2) {
        SPREAD_DEGREES
    } else {
        0.0
    };
    let plan = PartyPlan {
        name: name(0),
        at: around(places, number, spread)?,
        listed: true,
    };
    let party = engine.parties().create(person(0), plan).await?;
    for at in 1..PARTICIPANTS {
        let joining = engine
            .parties()
            .join(party.party_code, person(at), name(at))
            .await?;
        ensure!(joining.is_new, "a stranger was in already");
    }
    Ok(())
}

/// Searches around cities, one at a time; how long each took, and how many parties it found on average.
async fn search(cluster: &Cluster, places: &[Place]) -> anyhow::Result<(Latencies, f64)> {
    let mut client = Client::connect(cluster.instances[0].place).await?;
    let (mut latencies, mut found) = (Latencies::default(), 0);
    for number in 0..SEARCHES {
        let at = around(places, number, SPREAD_DEGREES)?;
        let path = format!(
            "/parties?lat={}&lng={}&radius_km=50&limit=20",
            at.lat(),
            at.lng()
        );
        let begun = Instant::now();
        let (status, parties) = client.call("GET", &path, None).await?;
        latencies.push(begun.elapsed());
        ensure!(status == 200, "discovery is answered {status}: {parties}");
        found += parties.as_array().context("a list was expected")?.len();
    }
    Ok((latencies, found as f64 / f64::from(SEARCHES)))
}

/// A place near a city, the same for the same number: the fractional parts of multiples of two irrational
/// numbers are spread evenly (H. Weyl, 1916).
fn around(places: &[Place], number: u32, spread: f64) -> anyhow::Result<Coordinates> {
    let city = &places[number as usize % places.len()];
    let off = |step: f64| (2.0 * (f64::from(number) * step).fract() - 1.0) * spread;
    let lat = city.lat + off(std::f64::consts::SQRT_2);
    Ok(Coordinates::new(lat, city.lng + off(std::f64::consts::E))?)
}

/// What Redis says it uses.
async fn used_bytes(cluster: &Cluster) -> anyhow::Result<f64> {
    let mut connection = cluster.redis.connection().await?;
    let info: String = redis::cmd("INFO")
        .arg("memory")
        .query_async(&mut connection)
        .await?;
    let line = info
        .lines()
        .find_map(|line| line.strip_prefix("used_memory:"));
    Ok(line.context("INFO without used_memory")?.trim().parse()?)
}
