//! What both sides of a comparison share: one Redis, and runtimes of one thread each.

use crate::cluster::Meter;
use crate::machine;
use anyhow::Context;
use edge::testing::RedisServer;
use redis::FromRedisValue;
use redis::aio::MultiplexedConnection;
use std::collections::HashMap;
use tokio::runtime::{Builder, Handle, Runtime};

/// The most keys that are read at once.
const READ_AT_ONCE: usize = 500;

/// A Redis in memory, alone on the servers' core.
pub(super) struct Stage {
    pub(super) redis: RedisServer,
    connection: MultiplexedConnection,
}

impl Stage {
    pub(super) async fn start() -> anyhow::Result<Self> {
        let redis = RedisServer::start_tcp().await;
        let redis = redis.context("starting redis-server")?;
        machine::move_to_server_core(redis.pid().context("redis-server has ended")?)?;
        let connection = redis.connection().await?;
        Ok(Self { redis, connection })
    }

    /// Measures this process, which is engines and load, and Redis.
    pub(super) fn meter(&self) -> Meter {
        Meter {
            servers: vec![std::process::id()],
            redis: self.redis.pid().into_iter().collect(),
        }
    }

    /// How many scripts were called so far.
    pub(super) async fn calls(&self) -> anyhow::Result<u64> {
        let info = self.info("commandstats").await?;
        let calls = info.lines().filter_map(|line| {
            let numbers = line.strip_prefix("cmdstat_evalsha:calls=")?;
            numbers.split(',').next()?.parse::<u64>().ok()
        });
        Ok(calls.sum())
    }

    /// The memory that Redis uses, in bytes.
    pub(super) async fn used_bytes(&self) -> anyhow::Result<f64> {
        let info = self.info("memory").await?;
        let mut lines = info.lines();
        let bytes = lines.find_map(|line| line.strip_prefix("used_memory:"));
        Ok(bytes.context("INFO without used_memory")?.trim().parse()?)
    }

    async fn info(&self, section: &str) -> anyhow::Result<String> {
        let mut info = redis::cmd("INFO");
        info.arg(section);
        Ok(info.query_async(&mut self.connection.clone()).await?)
    }

    /// Every hash whose key matches.
    pub(super) async fn hashes(
        &self,
        pattern: &str,
    ) -> anyhow::Result<Vec<HashMap<String, String>>> {
        self.of_each(&["HGETALL"], pattern).await
    }

    /// The bytes of all keys that match, as Redis estimates them.
    pub(super) async fn key_bytes(&self, pattern: &str) -> anyhow::Result<f64> {
        let bytes: Vec<u64> = self.of_each(&["MEMORY", "USAGE"], pattern).await?;
        Ok(bytes.iter().sum::<u64>() as f64)
    }

    /// What a command returns for each key that matches.
    async fn of_each<T: FromRedisValue>(
        &self,
        command: &[&str],
        pattern: &str,
    ) -> anyhow::Result<Vec<T>> {
        let mut connection = self.connection.clone();
        let mut keys = redis::cmd("KEYS");
        let keys: Vec<String> = keys.arg(pattern).query_async(&mut connection).await?;
        let mut all = Vec::new();
        for keys in keys.chunks(READ_AT_ONCE) {
            let mut reads = redis::pipe();
            for key in keys {
                let mut read = redis::Cmd::new();
                read.arg(command).arg(key);
                reads.add_command(read);
            }
            let read: Vec<T> = reads.query_async(&mut connection).await?;
            all.extend(read);
        }
        Ok(all)
    }
}

/// A runtime with one thread, as an instance has on a machine of its own.
pub(super) struct Lane(Option<Runtime>);

impl Lane {
    /// Starts it; returns also the handle to spawn with.
    pub(super) fn start() -> anyhow::Result<(Self, Handle)> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let handle = runtime.handle().clone();
        Ok((Self(Some(runtime)), handle))
    }
}

impl Drop for Lane {
    /// Ends its tasks where they stand: to wait for them would block the thread that runs the figures.
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
