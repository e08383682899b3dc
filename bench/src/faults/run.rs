//! One fault after the other, at random, with a look at everything in between.

use super::fault::Fault;
use super::load::{Load, PATIENCE, Shared};
use super::party;
use super::promise::mirrors_agree;
use super::report::Report;
use super::stage::Stage;
use crate::cli::{Faults, Settings};
use crate::cluster::{Kind, World};
use anyhow::Context;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

/// How long the load runs undisturbed between two faults.
const CALM: Duration = Duration::from_millis(300);
/// How long mirrors may take to agree once everything is at rest: a beat, and a repair.
const AGREE: Duration = Duration::from_secs(20);
/// How often to look whether they do.
const LOOK: Duration = Duration::from_millis(50);

/// What runs, and what was found.
#[derive(Debug)]
pub struct Trial<'a> {
    pub stage: Stage<'a>,
    pub shared: Rc<Shared>,
    pub load: Load,
    /// How long killed instances were shown.
    pub gone: Vec<Duration>,
}

/// Lets faults happen to one kind of Redis for as long as was asked for.
pub async fn run(
    settings: &Settings,
    kind: Kind,
    faults: &Faults,
    span: Duration,
    report: &mut Report,
) -> anyhow::Result<()> {
    let mut rng = StdRng::seed_from_u64(report.seed.wrapping_add(kind as u64));
    let mut trial = Trial::start(settings, kind).await?;
    let begun = Instant::now();
    let mut kills = 0;
    let mut left: Vec<Fault> = Vec::new();
    while begun.elapsed() < span || kills < faults.kills {
        // All of them in random order, then again: chance alone would leave some out in five minutes.
        if left.is_empty() {
            let all = Fault::of(&trial.stage.store).iter();
            let chosen = all.filter(|fault| faults.only.is_none_or(|only| only == **fault));
            let kills = chosen.clone().filter(|fault| fault.kills() > 0);
            // Kills twice: they are what most depends on chance.
            left.extend(chosen.chain(kills));
            left.shuffle(&mut rng);
        }
        let fault = left.pop().context("this does not happen to that Redis")?;
        // Later faults are the same, however many numbers this one takes.
        let mut own = StdRng::from_rng(&mut rng);
        sleep(CALM).await;
        let happening = fault.happen(&mut trial, &mut own).await;
        let recovered = happening.with_context(|| format!("after: {}", fault.name()))?;
        trial.look().await?;
        kills += fault.kills();
        let violations = trial.shared.violations.take();
        report.add(kind, fault, recovered, violations);
    }
    report.finish(&trial);
    Ok(())
}

impl<'a> Trial<'a> {
    async fn start(settings: &'a Settings, kind: Kind) -> anyhow::Result<Self> {
        let stage = Stage::start(settings, kind).await?;
        let doors = (0..stage.instances.len()).map(|index| stage.door(index));
        let shared = Shared::new(doors.collect::<anyhow::Result<_>>()?);
        let load = Load::start(&shared).await?;
        Ok(Self {
            stage,
            shared,
            load,
            gone: Vec::new(),
        })
    }

    /// Has the load rest, and compares what it was told with what there is.
    async fn look(&mut self) -> anyhow::Result<()> {
        self.load.check()?;
        let _rest = self.shared.come_to_rest().await?;
        self.compare_worlds().await?;
        for group in &self.load.groups {
            let found = party::look(&self.shared, group).await?;
            self.shared.report(found);
        }
        for writer in &self.load.writers {
            let found = writer.look(&self.shared).await?;
            self.shared.report(found);
        }
        Ok(())
    }

    /// All instances show the same, and what was acknowledged, in the end.
    async fn compare_worlds(&self) -> anyhow::Result<()> {
        let begun = Instant::now();
        loop {
            let worlds = timeout(PATIENCE, self.stage.worlds()).await??;
            let open = self.load.open();
            let mut violations = mirrors_agree(&worlds, open, worlds.len());
            let counted = clicks(worlds.first().context("no instance runs")?);
            violations.extend(self.shared.ledger.borrow().check(&counted));
            if violations.is_empty() {
                return Ok(());
            }
            if begun.elapsed() > AGREE {
                self.shared.ledger.borrow_mut().adopt(counted);
                self.shared.report(violations);
                return Ok(());
            }
            sleep(LOOK).await;
        }
    }
}

/// The clicks of each region.
fn clicks(world: &World) -> BTreeMap<String, i64> {
    let regions = world.regions.iter();
    regions
        .map(|region| (region.code.to_string(), region.clicks))
        .collect()
}
