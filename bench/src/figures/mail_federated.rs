//! Mail from one cluster to another.

use crate::cluster::{Cluster, Place, Plan};
use crate::http::Client;
use crate::settings::Settings;
use crate::stats::median;
use crate::table::{Table, figure};
use anyhow::{Context, ensure};
use serde_json::json;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// Messages of a run.
const MESSAGES: usize = 5_000;
/// Senders at once, each to a recipient of its own.
const AT_ONCE: usize = 20;
/// How often to look how many have come.
const POLL: Duration = Duration::from_millis(5);
/// How long all may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// Messages a second from one cluster to another.
///
/// # Errors
/// Where something does not start, or a message does not come.
pub async fn table(settings: &Settings) -> anyhow::Result<Table> {
    let folder = tempfile::tempdir()?;
    let clusters = Pair::start(settings, folder.path()).await?;
    let (mut sent, mut come) = (Vec::new(), Vec::new());
    for run in 0..settings.runs {
        let begun = Instant::now();
        clusters.send(run).await?;
        sent.push(MESSAGES as f64 / begun.elapsed().as_secs_f64());
        clusters.wait_for(run).await?;
        come.push(MESSAGES as f64 / begun.elapsed().as_secs_f64());
    }
    let mut table = Table::new(
        "mail: from one cluster to another",
        &["queued a second", "delivered a second"],
    );
    table.row([figure(median(sent)), figure(median(come))]);
    table.note(format!("{MESSAGES} messages over REST at one cluster, to {AT_ONCE} recipients of the other: how fast they are taken, and how fast all are in the recipients' mailboxes, from the first request on. Both clusters have an instance and a Redis in memory, all on one core."));
    Ok(table)
}

/// Two clusters that know each other.
struct Pair {
    here: Cluster,
    there: Cluster,
}

impl Pair {
    async fn start(settings: &Settings, folder: &Path) -> anyhow::Result<Self> {
        let names = ["herons", "terns"];
        let places = [Place::free()?, Place::free()?];
        let regions = ["aaa", "bbb"];
        let mut secrets = Vec::new();
        for _ in names {
            secrets.push(keys(settings)?);
        }
        let mut clusters = Vec::new();
        for own in 0..2 {
            let other = 1 - own;
            let regions_file = folder.join(format!("regions-{own}.toml"));
            let peers_file = folder.join(format!("peers-{own}.toml"));
            fs::write(
                &regions_file,
                format!(
                    "[[region]]\ncode = \"{}\"\ncity = \"X\"\nlat = 1.0\nlng = 1.0\nurl = \"https://x.example\"\n",
                    regions[own]
                ),
            )?;
            fs::write(
                &peers_file,
                format!(
                    "[[peer]]\nname = \"{}\"\nurl = \"{}\"\npublic_key = \"{}\"\nplaces = [\"{}\"]\n",
                    names[other],
                    places[other].origin(),
                    secrets[other].1,
                    regions[other]
                ),
            )?;
            let variables = [
                ("REGIONS_FILE", regions_file.display().to_string()),
                ("PEERS_FILE", peers_file.display().to_string()),
                ("CLUSTER_NAME", names[own].to_owned()),
                ("FEDERATION_KEY", secrets[own].0.clone()),
            ];
            let plan = Plan {
                variables: &variables,
                at: Some(places[own]),
                ..Plan::of(&regions[own..=own])
            };
            clusters.push(Cluster::start(settings, plan).await?);
        }
        let there = clusters.pop().context("no second cluster")?;
        let here = clusters.pop().context("no first cluster")?;
        Ok(Self { here, there })
    }

    /// Sends all messages of a run; each is answered.
    async fn send(&self, run: usize) -> anyhow::Result<()> {
        let place = self.here.instances[0].place;
        let send_from = |first: usize| async move {
            let mut client = Client::connect(place).await?;
            for number in (first..MESSAGES).step_by(AT_ONCE) {
                let to = format!("bbb-run{run}_{first}");
                let body = json!({ "message": format!("Message {number}, of some words."), "to": to, "from": "aaa-sender" });
                let (status, sent) = client.call("POST", "/api/messages", Some(body)).await?;
                ensure!(
                    status == 201 && sent["status"] == "queued",
                    "sending is answered {status}: {sent}"
                );
            }
            Ok(())
        };
        futures::future::try_join_all((0..AT_ONCE).map(send_from)).await?;
        Ok(())
    }

    /// Waits until the other cluster has all messages of a run.
    async fn wait_for(&self, run: usize) -> anyhow::Result<()> {
        let mut connection = self.there.redis.connection().await?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            let mut count = redis::pipe();
            for first in 0..AT_ONCE {
                count
                    .cmd("XLEN")
                    .arg(format!("bench{{mail:bbb-run{run}_{first}}}:1:box"));
            }
            let lengths: Vec<usize> = count.query_async(&mut connection).await?;
            if lengths.iter().sum::<usize>() == MESSAGES {
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "only {lengths:?} have come");
            sleep(POLL).await;
        }
    }
}

/// A secret key and its public one, as the server makes them.
fn keys(settings: &Settings) -> anyhow::Result<(String, String)> {
    let output = std::process::Command::new(&settings.server)
        .args(["keys", "new"])
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    let find = |prefix: &str| {
        let word = text
            .split(|char: char| char.is_whitespace() || char == '"' || char == '=')
            .find(|word| word.starts_with(prefix));
        word.map(str::to_owned)
            .with_context(|| format!("`server keys new` prints no {prefix}"))
    };
    Ok((find("k4.secret.")?, find("k4.public.")?))
}
