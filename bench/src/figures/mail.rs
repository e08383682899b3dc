//! Mail: messages stored a second through two instances, against what Redis does of plain `XADD`.

use super::{mail_federated, mail_live};
use crate::cluster::{Cluster, Place, Plan};
use crate::http::Client;
use crate::machine;
use crate::settings::Settings;
use crate::stats::{Latencies, median, median_of};
use crate::table::{Table, figure};
use anyhow::{Context, ensure};
use serde_json::json;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::Command;
use tokio::task::JoinSet;

/// Messages on their way at once, and connections of redis-benchmark.
const AT_ONCE: usize = 64;
/// What a message says: as long as a line or two.
const TEXT: &str = "Shall we meet where the river bends, an hour before the sun goes down? I will bring the others.";
/// What redis-benchmark sends in one run; some seconds.
const PLAIN: u32 = 50_000;

/// Who writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Senders {
    /// Nobody in particular, to nobody in particular.
    Unclaimed,
    /// Owners of addresses, to owners of addresses.
    Claimed,
}

/// What one run came to.
struct Run {
    per_second: f64,
    server_cores: f64,
    redis_cores: f64,
    p50_ms: f64,
    p99_ms: f64,
}

/// All tables.
///
/// # Errors
/// Where something does not start, or a message is not stored.
pub async fn tables(settings: &Settings) -> anyhow::Result<Vec<Table>> {
    Ok(vec![
        stored(settings).await?,
        mail_live::table(settings).await?,
        mail_live::pages(settings).await?,
        mail_federated::table(settings).await?,
    ])
}

async fn stored(settings: &Settings) -> anyhow::Result<Table> {
    let plan = Plan {
        durable: true,
        ..Plan::of(&["ord", "fra"])
    };
    let cluster = Cluster::start(settings, plan).await?;
    let mut table = Table::new(
        format!(
            "mail: messages stored through two instances, {AT_ONCE} at once, each on disk before it is answered"
        ),
        &[
            "messages",
            "a second",
            "of plain XADD",
            "server cores",
            "Redis cores",
            "p50 ms",
            "p99 ms",
        ],
    );
    let mut plain = Vec::new();
    for senders in [Senders::Unclaimed, Senders::Claimed] {
        let addresses = addresses(&cluster, senders).await?;
        let mut runs = Vec::new();
        for _ in 0..settings.runs {
            runs.push(run(&cluster, &addresses, settings.window).await?);
            plain.push(plain_xadd(settings, &cluster).await?);
        }
        table.row(cells(senders, &runs, median(plain.clone())));
    }
    let blank = || [const { String::new() }; 4].into_iter();
    let baseline = figure(median(plain));
    table.row(
        [
            "redis-benchmark, XADD of the same bytes".into(),
            baseline,
            "100 %".into(),
        ]
        .into_iter()
        .chain(blank()),
    );
    table.note("Aim: half of plain XADD. Messages are sent over REST, each answered 201; redis-benchmark adds the same entry to one stream from as many connections, between the runs, without HTTP and without an instance. Servers and Redis share a core, which redis-benchmark leaves to Redis alone.");
    Ok(table)
}

/// A row of the table.
fn cells(senders: Senders, runs: &[Run], baseline: f64) -> [String; 7] {
    let median = |number: fn(&Run) -> f64| median_of(runs, number);
    let name = match senders {
        Senders::Unclaimed => "from and to unclaimed addresses",
        Senders::Claimed => "from and to owners of addresses",
    };
    let per_second = median(|run| run.per_second);
    [
        name.to_owned(),
        figure(per_second),
        format!("{:.0} %", 100.0 * per_second / baseline),
        figure(median(|run| run.server_cores)),
        figure(median(|run| run.redis_cores)),
        figure(median(|run| run.p50_ms)),
        figure(median(|run| run.p99_ms)),
    ]
}

/// Addresses that write and are written to, with the tokens of those that are claimed.
async fn addresses(
    cluster: &Cluster,
    senders: Senders,
) -> anyhow::Result<Vec<(String, Option<String>)>> {
    let mut client = Client::connect(cluster.instances[0].place).await?;
    let mut addresses = Vec::new();
    for number in 0..AT_ONCE {
        let place = ["ord", "fra"][number % 2];
        if senders == Senders::Unclaimed {
            addresses.push((format!("{place}-bird{number}"), None));
            continue;
        }
        let address = format!("{place}-owner{number}");
        let body = json!({ "address": address });
        let (status, claimed) = client.call("POST", "/api/addresses", Some(body)).await?;
        ensure!(status == 201, "claiming is answered {status}: {claimed}");
        let token = claimed["token"].as_str().context("no token")?;
        addresses.push((address, Some(token.to_owned())));
    }
    Ok(addresses)
}

async fn run(
    cluster: &Cluster,
    addresses: &[(String, Option<String>)],
    window: Duration,
) -> anyhow::Result<Run> {
    let redis = cluster.redis.pid().context("redis-server ended")?;
    let servers = || -> anyhow::Result<f64> {
        let pids = cluster.instances.iter().map(|instance| instance.pid);
        pids.map(machine::cpu_seconds).sum()
    };
    let (server_cpu, redis_cpu) = (servers()?, machine::cpu_seconds(redis)?);
    let start = Instant::now();
    let places = cluster.places();
    let mut tasks = JoinSet::new();
    for (number, (from, token)) in addresses.iter().enumerate() {
        let to = addresses[(number + 1) % addresses.len()].0.clone();
        let mail = (from.clone(), to, token.clone());
        tasks.spawn_local(write(places[number % places.len()], mail, start + window));
    }
    let mut latencies = Latencies::default();
    while let Some(part) = tasks.join_next().await {
        latencies.append(part??);
    }
    let seconds = start.elapsed().as_secs_f64();
    Ok(Run {
        per_second: latencies.len() as f64 / seconds,
        server_cores: (servers()? - server_cpu) / seconds,
        redis_cores: (machine::cpu_seconds(redis)? - redis_cpu) / seconds,
        p50_ms: latencies.percentile_ms(0.5),
        p99_ms: latencies.percentile_ms(0.99),
    })
}

/// One message after the other, until the end; how long each took.
async fn write(
    place: Place,
    (from, to, token): (String, String, Option<String>),
    end: Instant,
) -> anyhow::Result<Latencies> {
    let mut client = Client::connect(place).await?;
    if let Some(token) = token {
        client.set_header("Authorization", &format!("Bearer {token}"));
    }
    let mut latencies = Latencies::default();
    while Instant::now() < end {
        let begun = Instant::now();
        let body = json!({ "message": TEXT, "to": to, "from": from });
        let (status, sent) = client.call("POST", "/api/messages", Some(body)).await?;
        ensure!(
            status == 201 && sent["status"] == "delivered",
            "sending is answered {status}: {sent}"
        );
        latencies.push(begun.elapsed());
    }
    Ok(latencies)
}

/// What redis-benchmark adds a second to one stream of this Redis: an entry as a message's.
async fn plain_xadd(settings: &Settings, cluster: &Cluster) -> anyhow::Result<f64> {
    let entry = entry(cluster).await?;
    let port = cluster.redis.url();
    let port = port.rsplit(':').next().context("no port")?.to_owned();
    // Inherits this process's core.
    let mut command = Command::new("redis-benchmark");
    command
        .args(["-p", &port, "-c", &AT_ONCE.to_string(), "--csv"])
        .args([
            "-n",
            &(PLAIN * u32::try_from(settings.runs.min(2))?).to_string(),
        ])
        .args(["XADD", "bench:plain", "MAXLEN", "=", "10000", "*"])
        .args(entry)
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let output = command.output().await.context("running redis-benchmark")?;
    let text = String::from_utf8(output.stdout)?;
    let line = text
        .lines()
        .last()
        .context("redis-benchmark said nothing")?;
    let figures = line.rsplit("\",\"").collect::<Vec<_>>();
    // "test","rps","avg","min","p50","p95","p99","max": the second of eight, from the end.
    let rate = figures
        .get(6)
        .context("redis-benchmark's line has no rate")?;
    rate.trim_matches('"')
        .parse()
        .context("redis-benchmark's rate")
}

/// The fields and values of an entry that a message made.
async fn entry(cluster: &Cluster) -> anyhow::Result<Vec<String>> {
    let mut connection = cluster.redis.connection().await?;
    let mut scan = redis::cmd("SCAN");
    scan.arg(0)
        .arg("MATCH")
        .arg("bench{mail:*}*:box")
        .arg("COUNT")
        .arg(100_000);
    let (_, boxes): (String, Vec<String>) = scan.query_async(&mut connection).await?;
    let name = boxes.first().context("no mailbox in Redis")?;
    let mut look = redis::cmd("XREVRANGE");
    look.arg(name).arg("+").arg("-").arg("COUNT").arg(1);
    let found: Vec<(String, Vec<String>)> = look.query_async(&mut connection).await?;
    let (_, fields) = found.into_iter().next().context("an empty mailbox")?;
    Ok(fields)
}
