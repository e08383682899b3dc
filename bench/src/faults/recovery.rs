//! Waiting until everything works again, and looking at pages while it does not.

use super::keys::probe;
use super::ledger::REGIONS;
use super::load::PATIENCE;
use super::promise::{Shown, Violation, pages_go_on};
use super::run::Trial;
use super::stage::Stage;
use crate::cluster::World;
use crate::http;
use anyhow::{bail, ensure};
use futures::future::{join_all, try_join_all};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How often to look: what times are measured to.
const LOOK: Duration = Duration::from_millis(10);

/// Waits until every running instance has counted a new click, and every session has had an acknowledgement for a click
/// that it sent since that moment; how long after it that was.
pub async fn recovered_since(trial: &Trial<'_>, since: Instant) -> anyhow::Result<Duration> {
    let running = trial.stage.running();
    let probes = running
        .iter()
        .map(|&(index, address)| probe(&trial.shared, index, address));
    let sessions = async {
        while !trial.load.is_acknowledged_since(since) {
            ensure!(
                since.elapsed() < PATIENCE,
                "a session is not acknowledged again"
            );
            sleep(LOOK).await;
        }
        Ok(())
    };
    tokio::try_join!(try_join_all(probes), sessions)?;
    Ok(since.elapsed())
}

/// Waits until no instance shows one that was killed at that moment; how long after it that was.
pub async fn until_gone(
    stage: &Stage<'_>,
    killed: usize,
    since: Instant,
) -> anyhow::Result<Duration> {
    let region = REGIONS[killed];
    let running = stage.running();
    let left = running
        .iter()
        .filter(|(index, _)| REGIONS[*index] == region);
    let left = u32::try_from(left.count())?;
    let shows = |world: &World| {
        let mut regions = world.regions.iter();
        let region = regions.find(|one| one.code.as_str() == region);
        region.map_or(0, |region| region.instances)
    };
    loop {
        let worlds = stage.worlds().await?;
        if worlds.iter().all(|world| shows(world) <= left) {
            return Ok(since.elapsed());
        }
        if since.elapsed() > PATIENCE {
            bail!("a killed instance never disappears");
        }
        sleep(LOOK).await;
    }
}

/// Looks at the pages of instances whose Redis has been away since that moment.
pub async fn pages(instances: &[(usize, SocketAddr)], since: Instant) -> Vec<Violation> {
    let looks = instances.iter().map(async |&(_, address)| {
        let away = since.elapsed();
        let begun = Instant::now();
        let page = http::get(address, "/", &[]).await;
        let took = begun.elapsed();
        let world = World::at(address).await.ok();
        pages_go_on(Shown {
            away,
            page: page.is_ok().then_some(took),
            age: world.map_or(Duration::ZERO, |world| Duration::from_millis(world.age_ms)),
        })
    });
    join_all(looks).await.into_iter().flatten().collect()
}
