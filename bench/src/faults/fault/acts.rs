//! How each fault happens.

use crate::cluster::Store;
use crate::faults::WORLD_KEY;
use crate::faults::ledger::REGIONS;
use crate::faults::promise::{AGE_SAID_AFTER, gone_in_time};
use crate::faults::recovery::{pages, recovered_since, until_gone};
use crate::faults::run::Trial;
use anyhow::{Context, bail};
use edge::testing::{Proxy, RedisCluster, RedisServer};
use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use std::num::NonZeroU32;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The shortest time that a fault lasts.
const SHORT: Duration = Duration::from_millis(200);
/// The longest: then instances have to say how old their numbers are.
const LONG: Duration = AGE_SAID_AFTER.saturating_add(Duration::from_millis(500));
/// What a slow link adds to every answer.
const SLOW: Duration = Duration::from_millis(300);
/// What a slow link lets pass, in bytes a second.
const NARROW: NonZeroU32 = NonZeroU32::new(200_000).unwrap();

/// How long a fault lasts.
fn duration(rng: &mut StdRng) -> Duration {
    // Most are short; one in four is long enough for instances to notice everything.
    match rng.random_bool(0.25) {
        true => LONG,
        false => rng.random_range(SHORT..LONG / 3),
    }
}

pub async fn kill_instance(trial: &mut Trial<'_>, rng: &mut StdRng) -> anyhow::Result<Duration> {
    let index = rng.random_range(0..REGIONS.len());
    let process = trial.stage.instances[index].process.take();
    let since = Instant::now();
    process.context("a dead instance")?.kill().await?;
    let (gone, recovered) = tokio::try_join!(
        until_gone(&trial.stage, index, since),
        recovered_since(trial, since)
    )?;
    trial.shared.report(gone_in_time(gone));
    trial.gone.push(gone);
    trial.stage.restart(index).await?;
    Ok(recovered)
}

/// An instance and the node that holds the world die together.
///
/// Whether the killed instance is gone in time depends on Redis here, so only that it is gone in the end is looked at.
pub async fn kill_both(trial: &mut Trial<'_>, rng: &mut StdRng) -> anyhow::Result<Duration> {
    let index = rng.random_range(0..REGIONS.len());
    let hold = duration(rng);
    let process = trial.stage.instances[index].process.take();
    process.context("a dead instance")?.kill().await?;
    let store = &mut trial.stage.store;
    let primary = store.primary(WORLD_KEY).await?;
    let mut since = Instant::now();
    store.kill(primary)?;
    // Nobody takes over from a single one.
    let is_alone = store.nodes().len() == 1;
    if is_alone {
        sleep(hold).await;
        trial.stage.store.restart(primary).await?;
        since = Instant::now();
    }
    let recovered = recovered_since(trial, since).await?;
    if !is_alone {
        trial.stage.store.restart(primary).await?;
        trial.stage.store.healthy().await?;
    }
    trial.stage.restart(index).await?;
    Ok(recovered)
}

pub async fn pause_instance(trial: &mut Trial<'_>, rng: &mut StdRng) -> anyhow::Result<Duration> {
    let index = rng.random_range(0..REGIONS.len());
    let hold = duration(rng);
    let process = trial.stage.instances[index].process.as_ref();
    let process = process.context("a dead instance")?;
    process.freeze()?;
    sleep(hold).await;
    process.thaw()?;
    recovered_since(trial, Instant::now()).await
}

pub async fn cut_sockets(trial: &mut Trial<'_>, rng: &mut StdRng) -> anyhow::Result<Duration> {
    let index = rng.random_range(0..REGIONS.len());
    let hold = rng.random_range(Duration::ZERO..SHORT * 4);
    let door = &trial.stage.instances[index].door;
    door.cut();
    sleep(hold).await;
    door.restore();
    recovered_since(trial, Instant::now()).await
}

pub async fn kill_redis(trial: &mut Trial<'_>, rng: &mut StdRng) -> anyhow::Result<Duration> {
    let hold = duration(rng);
    trial.stage.store.kill(0)?;
    let begun = Instant::now();
    sleep(hold).await;
    let asked = trial.stage.running();
    trial.shared.report(pages(&asked, begun).await);
    trial.stage.store.restart(0).await?;
    recovered_since(trial, Instant::now()).await
}

pub async fn pause_redis(trial: &mut Trial<'_>, rng: &mut StdRng) -> anyhow::Result<Duration> {
    let hold = duration(rng);
    for node in 0..trial.stage.store.nodes().len() {
        trial.stage.store.freeze(node)?;
    }
    let begun = Instant::now();
    sleep(hold).await;
    let asked = trial.stage.running();
    trial.shared.report(pages(&asked, begun).await);
    for node in 0..trial.stage.store.nodes().len() {
        trial.stage.store.thaw(node)?;
    }
    let recovered = recovered_since(trial, Instant::now()).await?;
    trial.stage.store.healthy().await?;
    Ok(recovered)
}

/// Which node fails.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// The one that holds the world.
    Primary,
    /// The one that comes so many places after its neighbour.
    Other(usize),
}

impl Target {
    /// Any but the one that holds the world.
    pub fn another(rng: &mut StdRng) -> Self {
        Self::Other(rng.random_range(0..60))
    }
}

/// How it fails.
#[derive(Clone, Copy, Debug)]
pub enum Fate {
    Killed,
    Paused,
}

/// A node fails, and is there again once the others do without it.
pub async fn replace(
    trial: &mut Trial<'_>,
    target: Target,
    fate: Fate,
) -> anyhow::Result<Duration> {
    let store = &mut trial.stage.store;
    let primary = store.primary(WORLD_KEY).await?;
    let node = match target {
        Target::Primary => primary,
        Target::Other(places) => {
            let nodes = store.nodes().len();
            (primary + 1 + places % (nodes - 1)) % nodes
        }
    };
    let since = Instant::now();
    match fate {
        Fate::Killed => store.kill(node)?,
        Fate::Paused => store.freeze(node)?,
    }
    let recovered = recovered_since(trial, since).await?;
    let store = &mut trial.stage.store;
    match fate {
        Fate::Killed => store.restart(node).await?,
        Fate::Paused => store.thaw(node)?,
    }
    store.healthy().await?;
    Ok(recovered)
}

pub async fn drop_connections(trial: &mut Trial<'_>) -> anyhow::Result<Duration> {
    let since = Instant::now();
    for node in trial.stage.store.nodes() {
        drop_clients(node).await?;
    }
    recovered_since(trial, since).await
}

async fn drop_clients(node: &RedisServer) -> anyhow::Result<()> {
    let mut connection = node.connection().await?;
    for kind in ["normal", "pubsub"] {
        let mut kill = redis::cmd("CLIENT");
        kill.arg(&["KILL", "TYPE", kind, "SKIPME", "yes"]);
        kill.exec_async(&mut connection).await?;
    }
    Ok(())
}

pub async fn move_slot(trial: &mut Trial<'_>, rng: &mut StdRng) -> anyhow::Result<Duration> {
    let Store::Cluster(cluster) = &trial.stage.store else {
        bail!("only a cluster has slots");
    };
    let slot = RedisCluster::slot_of(WORLD_KEY);
    let from = cluster.primary_of_slot(slot).await?;
    let mut others = Vec::new();
    // One slot of each third.
    for third in 0..3 {
        let node = cluster.primary_of_slot(third * 5461 + 100).await?;
        others.extend((node != from).then_some(node));
    }
    let to = *others.choose(rng).context("no other primary")?;
    let since = Instant::now();
    cluster.move_slot(slot, to).await?;
    cluster.healthy().await?;
    recovered_since(trial, since).await
}

/// Nothing, or no answers, pass between instances and Redis: those of one instance, or of all.
pub async fn cut_link(
    trial: &mut Trial<'_>,
    rng: &mut StdRng,
    cut: fn(&Proxy),
) -> anyhow::Result<Duration> {
    let affected = some_instances(rng);
    let hold = duration(rng);
    for &index in &affected {
        cut(trial.stage.link(index)?);
    }
    let begun = Instant::now();
    sleep(hold).await;
    let mut asked = trial.stage.running();
    asked.retain(|(index, _)| affected.contains(index));
    trial.shared.report(pages(&asked, begun).await);
    for &index in &affected {
        trial.stage.link(index)?.restore();
    }
    recovered_since(trial, Instant::now()).await
}

/// All answers of Redis come late, and little passes at a time.
pub async fn slow_link(trial: &mut Trial<'_>, rng: &mut StdRng) -> anyhow::Result<Duration> {
    let affected = some_instances(rng);
    let hold = duration(rng);
    for &index in &affected {
        let link = trial.stage.link(index)?;
        link.delay(SLOW);
        link.narrow(NARROW);
    }
    sleep(hold).await;
    for &index in &affected {
        trial.stage.link(index)?.restore();
    }
    recovered_since(trial, Instant::now()).await
}

/// One instance, or all.
fn some_instances(rng: &mut StdRng) -> Vec<usize> {
    let one = rng.random_range(0..REGIONS.len());
    match rng.random_bool(0.5) {
        true => (0..REGIONS.len()).collect(),
        false => vec![one],
    }
}
