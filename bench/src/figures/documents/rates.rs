//! Changes per second, each counted exactly once.

use super::engines::{self, Instance};
use super::load::{Crowd, Load, Sender};
use super::script::{self, Line};
use super::stage::Stage;
use super::tally::Tally;
use crate::cli::Settings;
use crate::stats::{Latencies, medians};
use crate::table::{Table, count, figure};
use anyhow::{Context, ensure};
use std::collections::HashMap;

/// Sessions, half of them at each instance.
const SESSIONS: usize = 200;
/// One document that everybody changes.
const HOT: Load = Load {
    documents: 1,
    outstanding: 32,
};
/// Many documents that are changed at random.
const MANY: Load = Load {
    documents: 10_000,
    outstanding: 128,
};

/// A document as it is stored: the names and values of a hash.
type Hash = HashMap<String, String>;

/// What was measured in a run.
struct Round {
    per_second: f64,
    p50_ms: f64,
    p99_ms: f64,
    cores: f64,
    redis_cores: f64,
    /// Changes for each call of a script, and the share of calls that came too late.
    per_call: f64,
    late: f64,
}

/// One way to change documents.
struct Side<S> {
    name: &'static str,
    crowd: Crowd<S>,
    rounds: Vec<Round>,
    acknowledged: u64,
}

/// Everybody changes one document.
pub(in crate::figures) async fn hot(settings: &Settings) -> anyhow::Result<Table> {
    let mut table = table("documents: changes of one document by all", settings, HOT).await?;
    note(&mut table, HOT);
    Ok(table)
}

/// Everybody changes any of many documents.
pub(in crate::figures) async fn many(settings: &Settings) -> anyhow::Result<Table> {
    let title = format!(
        "documents: changes of {} documents, each of one of them at random",
        count(MANY.documents)
    );
    let mut table = table(&title, settings, MANY).await?;
    note(&mut table, MANY);
    Ok(table)
}

fn note(table: &mut Table, load: Load) {
    table.note(format!(
        "{SESSIONS} sessions at two engines of two regions keep {} changes each outstanding; the script is called over two \
         connections, by as many people with as many calls outstanding. In turns, the ratio is that within a round. Redis has core 0 \
         for itself; engines and load are one process on core 1, a thread for each engine with its sessions. Calls are those of \
         scripts; late are those that found the document changed by the other engine, and were repeated. Exactly once: the totals \
         of all documents, and the parts of all persons, each sum up to the acknowledged changes of all runs, or this figure fails.",
        load.outstanding
    ));
}

async fn table(title: &str, settings: &Settings, load: Load) -> anyhow::Result<Table> {
    let stage = Stage::start().await?;
    let instances = Instance::start_all(&stage.redis.url()).await?;
    let lines = Line::start_all(&stage.redis.url()).await?;
    let mut documents = Side::new("documents", engines::crowd(&instances, SESSIONS)?);
    let mut script = Side::new("a script by hand", script::crowd(&lines, SESSIONS));
    let conflicts = || -> u64 {
        let metrics = instances.iter().map(|instance| &instance.metrics);
        metrics.map(|metrics| metrics.change_conflicts.get()).sum()
    };
    for _ in 0..settings.runs {
        script.run(settings, &stage, load, || 0).await?;
        documents.run(settings, &stage, load, conflicts).await?;
    }
    let mut table = Table::new(
        title,
        "by | changes/s | of the script | acknowledged, p50 ms | p99 ms | engines' and load's cores | Redis cores | changes a call | calls that were late | acknowledged changes, their documents' sum, their persons' sum",
    );
    let by_hand: Vec<_> = script.rounds.iter().map(|round| round.per_second).collect();
    let hashes = stage.hashes(engines::PATTERN).await?;
    let counted = documents.counted(&hashes, |hash| {
        Ok(serde_json::from_str::<Tally>(&hash["value"])?.total)
    })?;
    table.row(documents.row(&by_hand, counted));
    let hashes = stage.hashes(script::PATTERN).await?;
    let counted = script.counted(&hashes, |hash| Ok(hash["total"].parse()?))?;
    table.row(script.row(&by_hand, counted));
    Ok(table)
}

impl<S: Sender> Side<S> {
    fn new(name: &'static str, crowd: Crowd<S>) -> Self {
        Self {
            name,
            crowd,
            rounds: Vec::new(),
            acknowledged: 0,
        }
    }

    async fn run(
        &mut self,
        settings: &Settings,
        stage: &Stage,
        load: Load,
        late: impl Fn() -> u64,
    ) -> anyhow::Result<()> {
        let (calls, late_before) = (stage.calls().await?, late());
        let press = self.crowd.press(load, settings.window);
        let (took, usage) = stage.meter().run(press).await?;
        let calls = (stage.calls().await? - calls) as f64;
        let mut latencies = Latencies::new()?;
        took.iter().for_each(|took| latencies.record(*took));
        let [p50_ms, p99_ms] = latencies.p50_p99_ms();
        self.acknowledged += latencies.len();
        self.rounds.push(Round {
            per_second: latencies.len() as f64 / usage.seconds,
            p50_ms,
            p99_ms,
            cores: usage.server_cores,
            redis_cores: usage.redis_cores,
            per_call: latencies.len() as f64 / calls,
            late: (late() - late_before) as f64 / calls,
        });
        Ok(())
    }

    /// Compares what was acknowledged with what is stored.
    fn counted(
        &self,
        hashes: &[Hash],
        total: impl Fn(&Hash) -> anyhow::Result<u64>,
    ) -> anyhow::Result<String> {
        let totals: anyhow::Result<u64> = hashes.iter().map(total).sum();
        let totals = totals.context("reading what is stored")?;
        let fields = hashes.iter().flatten();
        let owns = fields.filter(|(name, _)| name.starts_with("own:"));
        let owns = owns
            .map(|(_, own)| own.parse::<u64>())
            .sum::<Result<_, _>>()?;
        let Self {
            name, acknowledged, ..
        } = *self;
        ensure!(acknowledged > 0, "{name}: no change was acknowledged");
        ensure!(
            totals == acknowledged && owns == acknowledged,
            "{name}: of {acknowledged} changes {totals} are in documents, {owns} in persons' parts"
        );
        Ok([acknowledged, totals, owns].map(count).join(", "))
    }

    fn row(&self, by_hand: &[f64], counted: String) -> Vec<String> {
        let with: Vec<_> = self.rounds.iter().zip(by_hand).collect();
        let [ratio, late] = medians(&with, |(round, by_hand)| {
            [round.per_second / **by_hand, round.late]
        })
        .map(|share| format!("{:.0} %", share * 100.0));
        let [per_second, p50_ms, p99_ms, cores, redis_cores, per_call] =
            medians(&self.rounds, |round| {
                [
                    round.per_second,
                    round.p50_ms,
                    round.p99_ms,
                    round.cores,
                    round.redis_cores,
                    round.per_call,
                ]
            })
            .map(figure);
        vec![
            self.name.to_owned(),
            per_second,
            ratio,
            p50_ms,
            p99_ms,
            cores,
            redis_cores,
            per_call,
            late,
            counted,
        ]
    }
}
