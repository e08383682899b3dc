//! Rounds of the draw, observed from outside.

use crate::cluster::Cluster;
use crate::http::Client;
use crate::wait::until;
use anyhow::{Context, ensure};
use futures::future::try_join_all;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, cmd};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// One instance in each region.
pub(in crate::figures) const REGIONS: [&str; 3] = ["ord", "fra", "syd"];
/// The start of the chunks' keys.
const CHUNKS: &str = "bench{draw}:1:points:";
/// The key of the running round.
const ROUND: &str = "bench{draw}:1:round";
/// The pause between two requests to an instance: tokio's clock is no finer.
const POLL: Duration = Duration::from_millis(1);
/// How long Redis may take to answer: it shares its core.
const REDIS_TIMEOUT: Duration = Duration::from_secs(60);
/// The bytes of the running round's chunks, in one step: the next round may replace it at any time.
const ROUND_BYTES: &str = "
local number, fence = unpack(redis.call('HMGET', KEYS[1], 'number', 'fence'))
local sum = 0
for _, key in ipairs(redis.call('KEYS', KEYS[2] .. number .. ':' .. fence .. ':*')) do
  sum = sum + redis.call('MEMORY', 'USAGE', key, 'SAMPLES', '0')
end
return sum";

/// A round that all instances answer from.
#[derive(Clone, Copy, Debug)]
pub(in crate::figures) struct Round {
    /// The time from the start of its work until it was stored in Redis.
    pub(super) stored_ms: f64,
    /// The time from the start of its work until the last instance answered from it.
    pub(super) answered_ms: f64,
}

/// The variables of servers with so many players, a round this often and at least this pause between two.
pub(in crate::figures) fn variables(
    players: u32,
    every: Duration,
    pause: Duration,
) -> [(&'static str, String); 3] {
    [
        ("DRAW_PLAYERS", players.to_string()),
        ("DRAW_EVERY_SECONDS", every.as_secs().to_string()),
        ("DRAW_REST_SECONDS", pause.as_secs().to_string()),
    ]
}

/// Observes rounds, one after the other.
///
/// Skips the first whole one: it allocates memory for the first time while the instances still start.
pub(in crate::figures) async fn observe(
    cluster: &Cluster,
    count: usize,
) -> anyhow::Result<Vec<Round>> {
    let mut redis = connect(cluster).await?;
    let mut observers = Vec::new();
    for address in cluster.addresses() {
        let client = Client::connect(address).await?;
        let mut observer = Observer { client, number: 0 };
        observer.look().await?;
        observers.push(observer);
    }
    let mut rounds = Vec::new();
    for _ in 0..=count {
        rounds.push(next(&mut observers, &mut redis).await?);
    }
    Ok(rounds.split_off(1))
}

/// The bytes of the running round in Redis.
pub(super) async fn round_bytes(cluster: &Cluster) -> anyhow::Result<f64> {
    let mut redis = connect(cluster).await?;
    let script = redis::Script::new(ROUND_BYTES);
    let mut call = script.prepare_invoke();
    Ok(call.key(ROUND).key(CHUNKS).invoke_async(&mut redis).await?)
}

/// A connection with a longer timeout than the default of half a second.
async fn connect(cluster: &Cluster) -> anyhow::Result<MultiplexedConnection> {
    let config = AsyncConnectionConfig::new().set_response_timeout(Some(REDIS_TIMEOUT));
    let client = redis::Client::open(cluster.redis.url())?;
    let connection = client.get_multiplexed_async_connection_with_config(&config);
    connection.await.context("connecting to redis-server")
}

/// Asks one instance again and again for its round.
struct Observer {
    client: Client,
    number: u64,
}

impl Observer {
    async fn look(&mut self) -> anyhow::Result<()> {
        let player = self.client.get_json("/api/players/1").await?;
        self.number = player["round"].as_u64().context("no round")?;
        Ok(())
    }

    /// Waits until the instance answers from this round or a newer one; returns when it did.
    async fn wait_for(&mut self, number: u64) -> anyhow::Result<f64> {
        until(POLL, async || {
            self.look().await?;
            let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
            let arrived = self.number >= number;
            let answered_ms = arrived.then_some(1_000.0 * now.as_secs_f64());
            Ok(answered_ms.ok_or_else(|| format!("round {number} does not come")))
        })
        .await
    }
}

/// Observes the next round that no instance answers from yet.
async fn next(
    observers: &mut [Observer],
    redis: &mut MultiplexedConnection,
) -> anyhow::Result<Round> {
    let newest = observers.iter().map(|observer| observer.number).max();
    let number = newest.unwrap_or(0) + 1;
    let waits = observers.iter_mut().map(|one| one.wait_for(number));
    let answered = try_join_all(waits).await?;
    let (running, began_ms, started_ms): (u64, f64, f64) = cmd("HMGET")
        .arg(&[ROUND, "number", "began_ms", "started_ms"])
        .query_async(redis)
        .await?;
    ensure!(
        running == number,
        "round {number} ended before all instances answered from it"
    );
    // Redis reads the same clock.
    Ok(Round {
        stored_ms: started_ms - began_ms,
        answered_ms: answered.into_iter().fold(0.0, f64::max) - began_ms,
    })
}
