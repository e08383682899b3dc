//! Messages stored per second through two instances, against plain `XADD`.

use crate::cli::Settings;
use crate::cluster::{Cluster, Kind, Plan};
use crate::http::{Client, Run, measure};
use crate::table::{Table, figure};
use anyhow::{Context, ensure};
use redis::aio::MultiplexedConnection;
use serde_json::json;

/// Connections that send at the same time.
const AT_ONCE: usize = 64;
/// The text of a message, as long as a line or two.
const TEXT: &str = "Shall we meet where the river bends, an hour before the sun goes down? I will bring the others.";

/// Someone who sends messages.
struct Sender {
    client: Client,
    from: String,
    to: String,
}

/// A row for plain `XADD`, and one for each kind of sender.
pub(in crate::figures) async fn stored(settings: &Settings) -> anyhow::Result<Table> {
    let plan = Plan {
        redis: Kind::Durable,
        ..Plan::of(&["ord", "fra"])
    };
    let cluster = Cluster::start(settings, plan).await?;
    let meter = cluster.meter();
    let mut table = Table::new(
        format!(
            "mail: messages stored through two instances, {AT_ONCE} at once, each on disk before it is answered"
        ),
        "messages | per second | of plain XADD | server cores | Redis cores | p50 ms | p99 ms",
    );
    let mut plain = Vec::new();
    let mut unclaimed = (senders(&cluster, false).await?, Vec::new());
    let mut claimed = (senders(&cluster, true).await?, Vec::new());
    for _ in 0..settings.runs {
        plain.push(plain_xadd(settings, &cluster).await?);
        for (senders, runs) in [&mut unclaimed, &mut claimed] {
            runs.push(measure(&meter, senders, settings.window, Sender::send).await?);
        }
    }
    let plain = Run::median(&plain);
    for (name, run) in [
        ("plain XADD of the same text", plain),
        ("from and to unclaimed addresses", Run::median(&unclaimed.1)),
        ("from and to owners of addresses", Run::median(&claimed.1)),
    ] {
        let share = format!("{:.0} %", 100.0 * run.per_second / plain.per_second);
        let start = [name.to_owned(), figure(run.per_second), share];
        let numbers = [run.server_cores, run.redis_cores, run.p50_ms, run.p99_ms];
        table.row(start.into_iter().chain(numbers.map(figure)));
    }
    table.note("Goal: half of plain XADD. Messages are sent over REST, in turn with XADD to one stream of the same Redis, without HTTP and without an instance. Servers and Redis share a core, which XADD leaves to Redis alone.");
    Ok(table)
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
        let mut headers = Vec::new();
        if claimed {
            headers.push(("Authorization", claim(&mut claims, &from).await?));
        }
        let client = Client::connect_with(server, &headers).await?;
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

/// Plain `XADD` of the same text, from as many connections, without HTTP and without an instance.
async fn plain_xadd(settings: &Settings, cluster: &Cluster) -> anyhow::Result<Run> {
    let mut connections = Vec::new();
    for _ in 0..AT_ONCE {
        connections.push(cluster.redis.first().connection().await?);
    }
    let add = async |connection: &mut MultiplexedConnection| {
        let mut command = redis::cmd("XADD");
        command.arg(&["bench:plain", "MAXLEN", "=", "10000", "*"]);
        command.arg(&["from", "ord-bird1", "to", "fra-bird2", "text", TEXT]);
        Ok(command.exec_async(connection).await?)
    };
    let meter = cluster.meter();
    measure(&meter, &mut connections, settings.window, add).await
}

/// Sends a message and checks its status.
pub(super) async fn send(
    client: &mut Client,
    (from, to): (&str, &str),
    text: &str,
    status: &str,
) -> anyhow::Result<()> {
    let body = json!({ "message": text, "to": to, "from": from });
    let sent = client.post("/api/messages", &body).await?;
    ensure!(sent["status"] == status, "expected {status}: {sent}");
    Ok(())
}

/// Claims an address; returns the `Authorization` of its owner.
pub(super) async fn claim(client: &mut Client, address: &str) -> anyhow::Result<String> {
    let body = json!({ "address": address });
    let claimed = client.post("/api/addresses", &body).await?;
    let token = claimed["token"].as_str().context("no token")?;
    Ok(format!("Bearer {token}"))
}
