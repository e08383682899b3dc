//! Whole lifetimes of parties per second through two instances.

use crate::cluster::{Cluster, Meter, Plan};
use crate::http::{Client, Run, measure};
use crate::settings::Settings;
use crate::table::{Table, figure};
use anyhow::{Context, ensure};
use serde_json::{Value, json};
use std::net::SocketAddr;

/// Parties that exist at the same time.
const AT_ONCE: usize = 32;
/// Participants of a party.
const PARTICIPANTS: usize = 4;
/// Calls in a party's lifetime: create, three joins, a list, four leaves.
const CALLS: f64 = 9.0;

/// Four people who start one party after the other, with a connection to each server.
struct Group {
    clients: Vec<Client>,
    devices: Vec<String>,
}

/// A row.
pub(super) async fn table(settings: &Settings) -> anyhow::Result<Table> {
    let cluster = Cluster::start(settings, Plan::of(&["ord", "fra"])).await?;
    let meter = Meter::of_cluster(&cluster);
    let mut groups = Vec::new();
    for number in 0..AT_ONCE {
        groups.push(Group::connect(cluster.addresses(), number).await?);
    }
    let mut runs = Vec::new();
    for _ in 0..settings.runs {
        runs.push(measure(&meter, &mut groups, settings.window, Group::meet).await?);
    }
    let run = Run::median(&runs);
    let mut table = Table::new(
        format!("parties: lifetimes through two instances, {AT_ONCE} at once"),
        "parties/s | calls/s | server cores | Redis cores | a lifetime, p50 ms | a lifetime, p99 ms",
    );
    let numbers = [
        run.per_second,
        run.per_second * CALLS,
        run.server_cores,
        run.redis_cores,
        run.p50_ms,
        run.p99_ms,
    ];
    table.row(numbers.map(figure));
    table.note("Each party is created over REST on one instance, joined by three others on both, listed, and left by all four; each answer is checked. Servers and Redis share a core.");
    Ok(table)
}

impl Group {
    /// Every other group creates its parties on the second server.
    async fn connect(mut servers: Vec<SocketAddr>, number: usize) -> anyhow::Result<Self> {
        let servers_len = servers.len();
        servers.rotate_left(number % servers_len);
        let mut clients = Vec::new();
        for server in servers {
            clients.push(Client::connect(server).await?);
        }
        let device = |at| format!("bench-device-{number}-{at}");
        let devices = (0..PARTICIPANTS).map(device).collect();
        Ok(Self { clients, devices })
    }

    /// One party from its creation to its end.
    async fn meet(&mut self) -> anyhow::Result<()> {
        let Self { clients, devices } = self;
        let body = json!({
            "device_id": devices[0], "participant_name": "Ann", "lat": 52.52, "lng": 13.4
        });
        let party = clients[0].post("/parties", &body).await?;
        let code = party["party_code"].as_str().context("no party code")?;
        let participants = format!("/parties/{code}/participants");
        for (at, device) in devices.iter().enumerate().skip(1) {
            let body = json!({ "device_id": device, "participant_name": format!("Guest {at}") });
            let joined = clients[at % 2].post(&participants, &body).await?;
            ensure!(joined["participant_id"] == at, "joined as {joined}");
        }
        let list = clients[1].get_json(&participants).await?;
        let is_leader = |one: &&Value| one["is_leader"] == true;
        let leaders = list.as_array().context("no list")?.iter().filter(is_leader);
        ensure!(leaders.count() == 1, "not one leader: {list}");
        for (at, device) in devices.iter().enumerate() {
            let path = format!("{participants}/{device}");
            clients[at % 2].delete(&path).await?;
        }
        Ok(())
    }
}
