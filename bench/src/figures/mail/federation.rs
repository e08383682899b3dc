//! Messages per second from one cluster to another.

use super::stored::send;
use crate::cli::Settings;
use crate::cluster::{Cluster, Plan, free_address, origin};
use crate::http::{Client, spread};
use crate::stats::medians;
use crate::table::{Table, count, figure};
use crate::wait::until;
use anyhow::Context;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

/// Messages of a run.
const MESSAGES: usize = 5_000;
/// Connections that send at the same time, each to a recipient of its own.
const AT_ONCE: usize = 20;
/// How often to check how many have arrived.
const POLL: Duration = Duration::from_millis(5);

/// What two clusters must know of each other.
struct Member {
    name: &'static str,
    region: &'static str,
    address: SocketAddr,
    secret_key: String,
    public_key: String,
}

/// Messages per second from one cluster to another.
pub(in crate::figures) async fn federation(settings: &Settings) -> anyhow::Result<Table> {
    let folder = tempfile::tempdir()?;
    let here = Member::new(settings, "herons", "aaa")?;
    let there = Member::new(settings, "terns", "bbb")?;
    let sender = here.start(settings, &there, folder.path()).await?;
    let receiver = there.start(settings, &here, folder.path()).await?;
    let mut runs = Vec::new();
    for run in 0..settings.runs {
        let begun = Instant::now();
        let per_second = || MESSAGES as f64 / begun.elapsed().as_secs_f64();
        send_all(&sender, run).await?;
        let queued = per_second();
        wait_for_all(&receiver, run).await?;
        runs.push([queued, per_second()]);
    }
    let mut table = Table::new(
        "mail: from one cluster to another",
        "queued per second | delivered per second",
    );
    table.row(medians(&runs, |&run| run).map(figure));
    table.note(format!("{} messages over REST to one cluster, for {AT_ONCE} recipients of the other: how fast they are accepted, and how fast they are in the recipients' mailboxes, counted from the first request. Both clusters have one instance and a Redis in memory, all on one core.", count(MESSAGES)));
    Ok(table)
}

impl Member {
    fn new(settings: &Settings, name: &'static str, region: &'static str) -> anyhow::Result<Self> {
        let mut command = std::process::Command::new(&settings.server);
        let output = command.args(["keys", "new"]).output()?;
        let text = String::from_utf8(output.stdout)?;
        let find = |prefix: &str| {
            let mut words = text.split(|c: char| c.is_whitespace() || c == '"' || c == '=');
            let key = words.find(|word| word.starts_with(prefix));
            key.map(str::to_owned)
                .with_context(|| format!("no {prefix} in the output of `server keys new`"))
        };
        Ok(Self {
            name,
            region,
            address: free_address()?,
            secret_key: find("k4.secret.")?,
            public_key: find("k4.public.")?,
        })
    }

    /// Starts the cluster with the other one as its peer.
    async fn start(
        &self,
        settings: &Settings,
        peer: &Self,
        folder: &Path,
    ) -> anyhow::Result<Cluster> {
        let regions_file = folder.join(format!("regions-{}.toml", self.name));
        let peers_file = folder.join(format!("peers-{}.toml", self.name));
        let region = format!(
            "[[region]]\ncode = \"{}\"\ncity = \"X\"\nlat = 1.0\nlng = 1.0\nurl = \"https://x.example\"\n",
            self.region
        );
        let peer = format!(
            "[[peer]]\nname = \"{}\"\nurl = \"{}\"\npublic_key = \"{}\"\nplaces = [\"{}\"]\n",
            peer.name,
            origin(peer.address),
            peer.public_key,
            peer.region
        );
        fs::write(&regions_file, region)?;
        fs::write(&peers_file, peer)?;
        let variables = [
            ("REGIONS_FILE", regions_file.display().to_string()),
            ("PEERS_FILE", peers_file.display().to_string()),
            ("CLUSTER_NAME", self.name.to_owned()),
            ("FEDERATION_KEY", self.secret_key.clone()),
        ];
        let regions = [self.region];
        let plan = Plan {
            variables: &variables,
            address: Some(self.address),
            ..Plan::of(&regions)
        };
        Cluster::start(settings, plan).await
    }
}

/// Sends all messages of a run.
async fn send_all(sender: &Cluster, run: usize) -> anyhow::Result<()> {
    let write = async |client: &mut Client, number: usize| {
        let to = format!("bbb-run{run}_{}", number % AT_ONCE);
        let text = format!("Message {number}, of some words.");
        send(client, ("aaa-sender", &to), &text, "queued").await
    };
    spread(&sender.addresses(), AT_ONCE, 0..MESSAGES, write).await
}

/// Waits until the mailboxes of a run hold all messages.
async fn wait_for_all(receiver: &Cluster, run: usize) -> anyhow::Result<()> {
    let mut connection = receiver.redis.first().connection().await?;
    until(POLL, async || {
        let mut lengths = redis::pipe();
        for first in 0..AT_ONCE {
            let mailbox = format!("bench{{mail:bbb-run{run}_{first}}}:1:box");
            lengths.cmd("XLEN").arg(mailbox);
        }
        let lengths: Vec<usize> = lengths.query_async(&mut connection).await?;
        let arrived: usize = lengths.iter().sum();
        let shortfall = || format!("only {arrived} messages arrived");
        Ok((arrived == MESSAGES).then_some(()).ok_or_else(shortfall))
    })
    .await
}
