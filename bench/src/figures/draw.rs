//! The draw: a round against PostgreSQL and a sorted set, and all that it costs beside.

use super::draw_beside::{Beside, postgres, sorted_set};
use super::draw_rounds::{REGIONS, Round, round_bytes, variables, watch};
use super::{draw_asked, draw_clicks, draw_growth};
use crate::cluster::{Cluster, Plan};
use crate::settings::Settings;
use crate::stats::median;
use crate::table::{Table, count, figure};
use std::time::Duration;

/// Who plays.
const PLAYERS: u32 = 1_000_000;
/// The least that the server takes for the time from round to round, and for the rest between two.
const LEAST: Duration = Duration::from_secs(1);
/// Rounds of a run, with each kind of Redis.
const ROUNDS: usize = 5;

/// What one way of giving all players new points came to.
struct Way {
    name: &'static str,
    /// Until the store has all of it, in milliseconds, each time.
    stored_ms: Vec<f64>,
    /// Until all instances answer from it; nothing where there are none.
    answered_ms: Vec<f64>,
    bytes: f64,
}

/// All tables.
///
/// # Errors
/// Where something does not start, or a round does not come.
pub async fn tables(settings: &Settings) -> anyhow::Result<Vec<Table>> {
    Ok(vec![
        round(settings).await?,
        draw_growth::table(settings).await?,
        draw_asked::table(settings).await?,
        draw_clicks::table(settings).await?,
    ])
}

async fn round(settings: &Settings) -> anyhow::Result<Table> {
    let mut ways = [
        "a round, Redis in memory",
        "a round, Redis with every write on disk",
        "PostgreSQL: UPDATE of all rows",
        "ZADD to a new sorted set, Redis in memory",
    ]
    .map(Way::new);
    // One after the other, so that none is measured beside another's work.
    for _ in 0..settings.runs {
        for (way, durable) in ways.iter_mut().zip([false, true]) {
            let (rounds, bytes) = rounds(settings, durable).await?;
            way.take_rounds(&rounds, bytes);
        }
        ways[2].take(postgres(settings, PLAYERS).await?);
        ways[3].take(sorted_set(settings, PLAYERS).await?);
    }
    let mut table = Table::new(
        format!("draw: new points for {} players", count(PLAYERS)),
        &[
            "what",
            "stored, median ms",
            "worst ms",
            "three instances answer, median ms",
            "worst ms",
            "of PostgreSQL",
            "MB stored",
            "bytes a player",
        ],
    );
    let postgres = median(ways[2].stored_ms.clone());
    for way in ways {
        table.row(way.cells(postgres));
    }
    table.note(format!(
        "Aim: under 100 ms. Rounds by Redis's clock, from the start of their work; the end is when the last of three instances answers `GET /api/players/1` with the new number, each asked again a millisecond after its answer. They come as fast as the settings let them, once a second or so; {ROUNDS} of each run count, the first of its servers does not. Three servers and Redis share one core, which PostgreSQL and the sorted set's Redis have for themselves, each in its turn within the same run; both only store, and nobody answers from them yet. PostgreSQL has Debian's default settings, so every UPDATE is on disk before it is answered; the bytes are those of table and index after three."
    ));
    Ok(table)
}

/// Rounds of a cluster of its own, and what one takes in Redis.
async fn rounds(settings: &Settings, durable: bool) -> anyhow::Result<(Vec<Round>, f64)> {
    let variables = variables(PLAYERS, LEAST, LEAST);
    let plan = Plan {
        durable,
        variables: &variables,
        ..Plan::of(&REGIONS)
    };
    let cluster = Cluster::start(settings, plan).await?;
    let rounds = watch(&cluster, ROUNDS).await?;
    let bytes = round_bytes(&cluster).await?;
    Ok((rounds, bytes))
}

impl Way {
    fn new(name: &'static str) -> Self {
        Self {
            name,
            stored_ms: Vec::new(),
            answered_ms: Vec::new(),
            bytes: 0.0,
        }
    }

    fn take_rounds(&mut self, rounds: &[Round], bytes: f64) {
        self.stored_ms
            .extend(rounds.iter().map(|round| round.made_ms));
        self.answered_ms
            .extend(rounds.iter().map(|round| round.answered_ms));
        self.bytes = bytes;
    }

    fn take(&mut self, beside: Beside) {
        self.stored_ms.extend(beside.took_ms);
        self.bytes = beside.bytes;
    }

    /// A row of the table, with the share of what PostgreSQL takes until all is done that this way does.
    fn cells(self, postgres: f64) -> Vec<String> {
        let pair = |values: &[f64]| -> [String; 2] {
            let worst = values.iter().copied().fold(0.0, f64::max);
            [median(values.to_vec()), worst].map(|value| match values {
                [] => String::new(),
                _ => figure(value),
            })
        };
        let done = match &*self.answered_ms {
            [] => &self.stored_ms,
            answered => answered,
        };
        let share = 100.0 * median(done.to_vec()) / postgres;
        [self.name.to_owned()]
            .into_iter()
            .chain(pair(&self.stored_ms))
            .chain(pair(&self.answered_ms))
            .chain([
                format!("{} %", figure(share)),
                figure(self.bytes / 1e6),
                figure(self.bytes / f64::from(PLAYERS)),
            ])
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_is_held_against_postgresql_by_when_all_is_done() {
        let mut ours = Way::new("ours");
        ours.take_rounds(
            &[Round {
                made_ms: 20.0,
                answered_ms: 50.0,
            }],
            1e6,
        );
        let mut theirs = Way::new("theirs");
        theirs.take(Beside {
            took_ms: vec![1_000.0, 3_000.0],
            bytes: 100e6,
        });

        let cells = |way: Way| way.cells(2_000.0).join("|");
        assert_eq!(cells(ours), "ours|20.0|20.0|50.0|50.0|2.50 %|1.00|1.00");
        assert_eq!(cells(theirs), "theirs|2 000|3 000|||100 %|100|100");
    }
}
