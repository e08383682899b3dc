//! Rounds of the draw, seen from outside.

use crate::cluster::{Cluster, Place};
use crate::http::Client;
use anyhow::{Context, ensure};
use edge::testing::RedisServer;
use futures::future::try_join_all;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, cmd};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::{Instant, sleep};

/// The most points, as is the server's default.
pub(super) const POINTS: u8 = 100;
/// One instance in each.
pub(super) const REGIONS: [&str; 3] = ["ord", "fra", "syd"];
/// Begins the names of chunks.
const CHUNKS: &str = "bench{draw}:1:points:";
/// The key of the running round.
const ROUND: &str = "bench{draw}:1:round";
/// Between an instance's answers: tokio's clock has no finer grain.
const POLL: Duration = Duration::from_millis(1);
/// How long a round may take, with the rest before it.
const PATIENCE: Duration = Duration::from_secs(120);

/// How long Redis may take to answer: its core has others' work as well.
const REDIS_PATIENCE: Duration = Duration::from_secs(60);

/// A round that all instances answer from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Round {
    /// From the start of its work to its place in Redis, in milliseconds.
    pub(super) made_ms: f64,
    /// From the start of its work until the last instance answered from it, in milliseconds.
    pub(super) answered_ms: f64,
}

/// The variables of servers that draw that often, with so many players.
pub(super) fn variables(
    players: u32,
    every: Duration,
    rest: Duration,
) -> [(&'static str, String); 4] {
    [
        ("DRAW_PLAYERS", players.to_string()),
        ("DRAW_POINTS", POINTS.to_string()),
        ("DRAW_EVERY_SECONDS", every.as_secs().to_string()),
        ("DRAW_REST_SECONDS", rest.as_secs().to_string()),
    ]
}

/// Watches that many rounds, one after the other.
///
/// The first that is seen whole is left out: memory is taken for the first time, and all meet at the start.
///
/// # Errors
/// Where a round does not come.
pub(super) async fn watch(cluster: &Cluster, count: usize) -> anyhow::Result<Vec<Round>> {
    let mut redis = patient(&cluster.redis).await?;
    let mut watchers = Vec::new();
    for place in cluster.places() {
        watchers.push(Watcher::open(place).await?);
    }
    let mut rounds = Vec::new();
    for _ in 0..=count {
        rounds.push(next(&mut watchers, &mut redis).await?);
    }
    Ok(rounds.split_off(1))
}

/// A connection that waits longer than the half second that is usual.
///
/// # Errors
/// Where Redis does not run.
pub(super) async fn patient(redis: &RedisServer) -> anyhow::Result<MultiplexedConnection> {
    let config = AsyncConnectionConfig::new().set_response_timeout(Some(REDIS_PATIENCE));
    let client = redis::Client::open(redis.url())?;
    let connection = client.get_multiplexed_async_connection_with_config(&config);
    connection.await.context("connecting to redis-server")
}

/// The number of the round that an instance answers from.
///
/// # Errors
/// Where it does not answer.
pub(super) async fn number(place: Place) -> anyhow::Result<u64> {
    Watcher::open(place).await?.ask().await
}

/// The bytes of the running round's chunks. In one step: the next round may take its place at any time.
const ROUND_BYTES: &str = "
local number, fence = unpack(redis.call('HMGET', KEYS[1], 'number', 'fence'))
local sum = 0
for _, key in ipairs(redis.call('KEYS', KEYS[2] .. number .. ':' .. fence .. ':*')) do
  sum = sum + redis.call('MEMORY', 'USAGE', key, 'SAMPLES', '0')
end
return sum";

/// The bytes of the running round in Redis.
///
/// # Errors
/// Where Redis does not answer.
pub(super) async fn round_bytes(cluster: &Cluster) -> anyhow::Result<f64> {
    let mut redis = patient(&cluster.redis).await?;
    let script = redis::Script::new(ROUND_BYTES);
    let mut call = script.prepare_invoke();
    let bytes = call.key(ROUND).key(CHUNKS).invoke_async(&mut redis).await?;
    Ok(bytes)
}

/// Asks one instance again and again.
struct Watcher {
    client: Client,
    number: u64,
}

impl Watcher {
    async fn open(place: Place) -> anyhow::Result<Self> {
        let client = Client::connect(place).await?;
        let mut watcher = Self { client, number: 0 };
        watcher.number = watcher.ask().await?;
        Ok(watcher)
    }

    /// The round that it answers from.
    async fn ask(&mut self) -> anyhow::Result<u64> {
        let (status, player) = self.client.call("GET", "/api/players/1", None).await?;
        ensure!(status == 200, "a player is answered {status}: {player}");
        player["round"].as_u64().context("a player without a round")
    }

    /// Asks until it answers from that round or a newer one; when it did.
    async fn wait_for(&mut self, number: u64) -> anyhow::Result<f64> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            self.number = self.ask().await?;
            if self.number >= number {
                return now_ms();
            }
            ensure!(Instant::now() < deadline, "round {number} does not come");
            sleep(POLL).await;
        }
    }
}

/// The next round that no instance answers from yet.
async fn next(
    watchers: &mut [Watcher],
    redis: &mut MultiplexedConnection,
) -> anyhow::Result<Round> {
    let newest = watchers.iter().map(|watcher| watcher.number).max();
    let number = newest.unwrap_or(0) + 1;
    let waits = watchers.iter_mut().map(|watcher| watcher.wait_for(number));
    let answered = try_join_all(waits).await?;
    let (running, began_ms, started_ms): (u64, f64, f64) = cmd("HMGET")
        .arg(&[ROUND, "number", "began_ms", "started_ms"])
        .query_async(redis)
        .await?;
    ensure!(
        running == number,
        "round {number} was over before all answered from it"
    );
    // Redis's clock is this machine's.
    Ok(Round {
        made_ms: started_ms - began_ms,
        answered_ms: answered.into_iter().fold(0.0, f64::max) - began_ms,
    })
}

/// Milliseconds since 1970.
fn now_ms() -> anyhow::Result<f64> {
    Ok(1_000.0 * SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs_f64())
}
