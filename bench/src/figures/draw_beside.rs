//! What the draw's rounds are held against: points as rows of PostgreSQL, and as a sorted set of Redis.

use super::draw_rounds::{POINTS, patient};
use crate::dice::Dice;
use crate::machine;
use crate::postgres::Postgres;
use crate::settings::Settings;
use anyhow::Context;
use edge::testing::RedisServer;
use futures::stream::{self, StreamExt, TryStreamExt};
use redis::{Pipeline, cmd, pipe};
use std::time::Instant;

/// Updates of a run: the table has room for the rows of two rounds only after the second.
const UPDATES: usize = 3;
/// Players of one ZADD.
const BATCH: usize = 1_000;
/// ZADDs of one packet, and packets on their way at once: enough that Redis is never idle.
const BATCHES: usize = 10;
const AT_ONCE: usize = 4;
/// The sorted set.
const SET: &str = "players";

/// What an alternative came to in one run.
#[derive(Debug)]
pub(super) struct Beside {
    /// How long each time took, in milliseconds.
    pub(super) took_ms: Vec<f64>,
    /// What it holds in the end.
    pub(super) bytes: f64,
}

/// One `UPDATE` of all rows, some times, in a PostgreSQL of its own.
///
/// # Errors
/// Where PostgreSQL is not installed or does not start.
pub(super) async fn postgres(settings: &Settings, players: u32) -> anyhow::Result<Beside> {
    let postgres = Postgres::start(settings).await?;
    for statement in [
        "CREATE TABLE players (id int PRIMARY KEY, points smallint NOT NULL)",
        &format!("INSERT INTO players SELECT id, 0 FROM generate_series(1, {players}) AS id"),
        "VACUUM ANALYZE players",
    ] {
        postgres.ask(statement).await?;
    }
    let update = format!(
        "UPDATE players SET points = floor(random() * {})",
        u16::from(POINTS) + 1
    );
    let mut took_ms = Vec::new();
    for _ in 0..UPDATES {
        took_ms.push(postgres.time_ms(&update).await?);
    }
    let bytes = postgres
        .ask("SELECT pg_total_relation_size('players')")
        .await?;
    Ok(Beside {
        took_ms,
        bytes: bytes.parse()?,
    })
}

/// ZADD of all players to a new set, in a Redis of its own in memory.
///
/// # Errors
/// Where Redis does not start.
pub(super) async fn sorted_set(settings: &Settings, players: u32) -> anyhow::Result<Beside> {
    let redis = RedisServer::start_tcp().await?;
    machine::move_to_server_core(settings, redis.pid().context("redis-server ended")?)?;
    let mut connection = patient(&redis).await?;
    // Made before the clock starts: only Redis's part is measured.
    let packets = packets(players);
    let begun = Instant::now();
    stream::iter(&packets)
        .map(|packet| {
            let mut connection = connection.clone();
            async move { packet.exec_async(&mut connection).await }
        })
        .buffered(AT_ONCE)
        .try_collect::<()>()
        .await?;
    let took = begun.elapsed();
    let bytes = cmd("MEMORY")
        .arg(&["USAGE", SET, "SAMPLES", "0"])
        .query_async(&mut connection)
        .await?;
    Ok(Beside {
        took_ms: vec![1_000.0 * took.as_secs_f64()],
        bytes,
    })
}

/// All players with random points, as ZADDs.
fn packets(players: u32) -> Vec<Pipeline> {
    let mut dice = Dice::new();
    let ids: Vec<u32> = (1..=players).collect();
    let mut packet = |ids: &[u32]| {
        let mut packet = pipe();
        for batch in ids.chunks(BATCH) {
            let zadd = packet.cmd("ZADD").arg(SET);
            for &id in batch {
                zadd.arg(dice.roll_up_to(POINTS)).arg(id);
            }
            zadd.ignore();
        }
        packet
    };
    ids.chunks(BATCH * BATCHES).map(&mut packet).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_player_is_added_once() {
        let packets = packets(25_500);

        let commands: Vec<_> = packets.iter().flat_map(Pipeline::cmd_iter).collect();
        let arguments: usize = commands.iter().map(|zadd| zadd.args_iter().count()).sum();
        assert_eq!(packets.len(), 3);
        assert_eq!(commands.len(), 26);
        assert_eq!(arguments, 26 * 2 + 25_500 * 2);
    }
}
