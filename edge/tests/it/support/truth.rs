//! What Redis holds.

use super::{AnyRedis, DEADLINE, PREFIX};
use edge::Engine;
use redis::aio::MultiplexedConnection;
use redis::{AsyncCommands, FromRedisValue};
use std::collections::BTreeMap;
use std::time::Duration;

/// One region's clicks, people, connections and instances.
type Numbers = (i64, u32, u32, u32);

/// A look into Redis, past all engines.
pub struct Truth {
    pub connection: MultiplexedConnection,
}

impl Truth {
    pub async fn of(redis: &impl AnyRedis) -> Self {
        let connection = redis.look(&Self::key("meta")).await;
        Self { connection }
    }

    /// The name of one of the world's keys.
    pub fn key(name: &str) -> String {
        // The numbers that outlive instances, and the registry of instances.
        let version = match name {
            "meta" | "clicks" | "places" | "history" => 1,
            _ => 2,
        };
        format!("{PREFIX}{{world}}:{version}:{name}")
    }

    /// How many instances hold each person who is online.
    pub async fn online(&mut self) -> BTreeMap<String, String> {
        self.connection.hgetall(Self::key("online")).await.unwrap()
    }

    /// Runs a command.
    pub async fn run<T: FromRedisValue>(&mut self, words: &[&str]) -> T {
        let mut command = redis::Cmd::new();
        command.arg(words);
        command.query_async(&mut self.connection).await.unwrap()
    }

    /// Redis's time, in milliseconds.
    pub async fn now_ms(&mut self) -> u64 {
        let (seconds, micros): (u64, u64) = self.run(&["TIME"]).await;
        seconds * 1_000 + micros / 1_000
    }

    /// The clicks of all regions.
    pub async fn clicks(&mut self) -> i64 {
        let clicks: Vec<i64> = self.connection.hvals(Self::key("clicks")).await.unwrap();
        clicks.iter().sum()
    }

    /// The epoch and revision.
    pub async fn position(&mut self) -> (u64, u64) {
        let meta = Self::key("meta");
        let (epoch, rev): (Option<u64>, Option<u64>) =
            self.run(&["HMGET", &meta, "epoch", "rev"]).await;
        (epoch.unwrap_or(0), rev.unwrap_or(0))
    }

    /// How many scripts have been called.
    pub async fn script_calls(&mut self) -> u64 {
        let stats: String = self.run(&["INFO", "commandstats"]).await;
        let line = stats
            .lines()
            .find_map(|line| line.strip_prefix("cmdstat_evalsha:calls="));
        line.and_then(|rest| rest.split(',').next()?.parse().ok())
            .unwrap_or(0)
    }

    /// Every region that is worth showing.
    pub async fn regions(&mut self) -> BTreeMap<String, Numbers> {
        let codes: Vec<String> = self.connection.hkeys(Self::key("places")).await.unwrap();
        let mut regions = BTreeMap::new();
        for code in codes {
            let mut field = redis::pipe();
            let people = Self::key(&format!("people:{code}"));
            field.hget(Self::key("clicks"), &code).hlen(people);
            field.hget(Self::key("connections"), &code);
            field.hget(Self::key("live"), &code);
            let (clicks, people, connections, instances): (
                Option<i64>,
                u32,
                Option<u32>,
                Option<u32>,
            ) = field.query_async(&mut self.connection).await.unwrap();
            let (clicks, instances) = (clicks.unwrap_or(0), instances.unwrap_or(0));
            if clicks != 0 || instances != 0 {
                regions.insert(code, (clicks, people, connections.unwrap_or(0), instances));
            }
        }
        regions
    }
}

/// Waits until these engines' worlds are what Redis holds.
pub async fn all_agree(redis: &impl AnyRedis, engines: &[&Engine]) {
    all_agree_within(DEADLINE, redis, engines).await;
}

/// Waits until these engines' worlds are what Redis holds, for so long at most.
pub async fn all_agree_within(limit: Duration, redis: &impl AnyRedis, engines: &[&Engine]) {
    let mut truth = Truth::of(redis).await;
    let deadline = tokio::time::Instant::now() + limit;
    loop {
        let expected = (truth.position().await, truth.regions().await);
        let seen: Vec<_> = engines.iter().map(|engine| seen(engine)).collect();
        if seen.iter().all(|seen| *seen == expected) {
            return;
        }
        assert!(
            tokio::time::Instant::now() < deadline,
            "Redis holds {expected:?}, the engines see {seen:?}"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn seen(engine: &Engine) -> ((u64, u64), BTreeMap<String, Numbers>) {
    let world = engine.mirror().world();
    let regions = world.regions.iter().map(|region| {
        let numbers = (
            region.clicks,
            region.people,
            region.connections,
            region.instances,
        );
        (region.code.to_string(), numbers)
    });
    ((world.epoch, world.rev), regions.collect())
}
