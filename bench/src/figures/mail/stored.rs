//! Messages stored per second through two instances, against plain `XADD`.

use super::{claim, send};
use crate::cluster::{Cluster, Meter, Plan};
use crate::http::{Client, Run, measure};
use crate::settings::Settings;
use crate::stats::median;
use crate::table::{Table, figure};
use anyhow::Context;
use std::process::Stdio;
use tokio::process::Command;

/// Messages sent at the same time, and connections of redis-benchmark.
const AT_ONCE: usize = 64;
/// The text of a message, as long as a line or two.
const TEXT: &str = "Shall we meet where the river bends, an hour before the sun goes down? I will bring the others.";
/// Entries that redis-benchmark adds in a quick run.
const PLAIN_ENTRIES: usize = 50_000;

/// Someone who sends messages.
struct Sender {
    client: Client,
    from: String,
    to: String,
}

/// A row for each kind of sender, and one for redis-benchmark.
pub(super) async fn table(settings: &Settings) -> anyhow::Result<Table> {
    let plan = Plan {
        durable: true,
        ..Plan::of(&["ord", "fra"])
    };
    let cluster = Cluster::start(settings, plan).await?;
    let meter = Meter::of_cluster(&cluster);
    let mut table = Table::new(
        format!(
            "mail: messages stored through two instances, {AT_ONCE} at once, each on disk before it is answered"
        ),
        "messages | per second | of plain XADD | server cores | Redis cores | p50 ms | p99 ms",
    );
    let mut plain = Vec::new();
    for claimed in [false, true] {
        let mut senders = senders(&cluster, claimed).await?;
        let mut runs = Vec::new();
        for _ in 0..settings.runs {
            runs.push(measure(&meter, &mut senders, settings.window, Sender::send).await?);
            plain.push(plain_xadd(settings, &cluster).await?);
        }
        table.row(row(claimed, &Run::median(&runs), median(plain.clone())));
    }
    table.row([
        "redis-benchmark, XADD of the same bytes".into(),
        figure(median(plain)),
        "100 %".into(),
    ]);
    table.note("Goal: half of plain XADD. Messages are sent over REST. Between the runs redis-benchmark adds the same entry to one stream from as many connections, without HTTP and without an instance. Servers and Redis share a core, which redis-benchmark leaves to Redis alone.");
    Ok(table)
}

fn row(claimed: bool, run: &Run, plain: f64) -> [String; 7] {
    let name = match claimed {
        false => "from and to unclaimed addresses",
        true => "from and to owners of addresses",
    };
    [
        name.to_owned(),
        figure(run.per_second),
        format!("{:.0} %", 100.0 * run.per_second / plain),
        figure(run.server_cores),
        figure(run.redis_cores),
        figure(run.p50_ms),
        figure(run.p99_ms),
    ]
}

/// Senders on both servers, each of whom writes to the next; with claimed addresses if wanted.
async fn senders(cluster: &Cluster, claimed: bool) -> anyhow::Result<Vec<Sender>> {
    let servers = cluster.addresses();
    let mut claims = Client::connect(servers[0]).await?;
    let kind = if claimed { "owner" } else { "bird" };
    let address = |number: usize| format!("{}-{kind}{number}", ["ord", "fra"][number % 2]);
    let mut senders = Vec::new();
    for number in 0..AT_ONCE {
        let (from, to) = (address(number), address((number + 1) % AT_ONCE));
        let server = servers[number % servers.len()];
        let client = if claimed {
            let token = claim(&mut claims, &from).await?;
            let bearer = format!("Bearer {token}");
            Client::connect_with(server, &[("Authorization", &bearer)]).await?
        } else {
            Client::connect(server).await?
        };
        senders.push(Sender { client, from, to });
    }
    Ok(senders)
}

impl Sender {
    async fn send(&mut self) -> anyhow::Result<()> {
        let addresses = (self.from.as_str(), self.to.as_str());
        send(&mut self.client, addresses, TEXT, "delivered").await
    }
}

/// The entries per second that redis-benchmark adds to one stream of this Redis.
async fn plain_xadd(settings: &Settings, cluster: &Cluster) -> anyhow::Result<f64> {
    let url = cluster.redis.url();
    let port = url.rsplit(':').next().context("no port")?;
    let entries = PLAIN_ENTRIES * settings.runs.min(2);
    // Inherits this process's core.
    let mut command = Command::new("redis-benchmark");
    command
        .args(["-p", port, "-c", &AT_ONCE.to_string(), "--csv"])
        .args(["-n", &entries.to_string()])
        .args(["XADD", "bench:plain", "MAXLEN", "=", "10000", "*"])
        .args(newest_entry(cluster).await?)
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let output = command.output().await.context("running redis-benchmark")?;
    let text = String::from_utf8(output.stdout)?;
    let line = text
        .lines()
        .last()
        .context("no output of redis-benchmark")?;
    // "test","rps","avg","min","p50","p95","p99","max": the second of eight, from the end, as the test's
    // own text may hold any character.
    let rate = line.rsplit("\",\"").nth(6);
    rate.and_then(|rate| rate.parse().ok())
        .with_context(|| format!("no rate in redis-benchmark's {line}"))
}

/// The fields and values of a message's entry in some mailbox.
async fn newest_entry(cluster: &Cluster) -> anyhow::Result<Vec<String>> {
    let mut connection = cluster.redis.connection().await?;
    let mut scan = redis::cmd("SCAN");
    scan.arg(&["0", "MATCH", "bench{mail:*}*:box", "COUNT", "100000"]);
    let (_, mailboxes): (String, Vec<String>) = scan.query_async(&mut connection).await?;
    let mailbox = mailboxes.first().context("no mailbox in Redis")?;
    let mut newest = redis::cmd("XREVRANGE");
    newest.arg(&[mailbox, "+", "-", "COUNT", "1"]);
    let entries: Vec<(String, Vec<String>)> = newest.query_async(&mut connection).await?;
    let (_, fields) = entries.into_iter().next().context("an empty mailbox")?;
    Ok(fields)
}
