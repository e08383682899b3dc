//! The CPU time that processes use.

use super::process::Process;
use super::start::Cluster;
use crate::machine;
use std::time::Instant;

/// Measures the CPU time of servers and Redis.
#[derive(Clone, Debug)]
pub struct Meter {
    servers: Vec<u32>,
    redis: Option<u32>,
}

/// What processes used while something ran.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// The seconds that it took.
    pub seconds: f64,
    /// CPU seconds of all servers.
    pub server_cpu: f64,
    /// CPU seconds of Redis.
    pub redis_cpu: f64,
}

impl Usage {
    /// Cores that the servers kept busy.
    pub fn server_cores(&self) -> f64 {
        self.server_cpu / self.seconds
    }

    /// Cores that Redis kept busy.
    pub fn redis_cores(&self) -> f64 {
        self.redis_cpu / self.seconds
    }
}

impl Meter {
    pub fn of_cluster(cluster: &Cluster) -> Self {
        Self {
            servers: cluster.servers.iter().map(|server| server.pid).collect(),
            redis: cluster.redis.pid(),
        }
    }

    pub fn of_process(process: &Process) -> Self {
        Self {
            servers: vec![process.pid],
            redis: None,
        }
    }

    /// Runs some work; returns its result, and what the processes used meanwhile.
    pub async fn run<T>(
        &self,
        work: impl Future<Output = anyhow::Result<T>>,
    ) -> anyhow::Result<(T, Usage)> {
        let (start, before) = (Instant::now(), self.cpu_seconds()?);
        let result = work.await?;
        let (seconds, after) = (start.elapsed().as_secs_f64(), self.cpu_seconds()?);
        let usage = Usage {
            seconds,
            server_cpu: after.0 - before.0,
            redis_cpu: after.1 - before.1,
        };
        Ok((result, usage))
    }

    /// The CPU seconds of the servers and of Redis so far.
    fn cpu_seconds(&self) -> anyhow::Result<(f64, f64)> {
        let servers = self.servers.iter().map(|&pid| machine::cpu_seconds(pid));
        let redis = self.redis.map_or(Ok(0.0), machine::cpu_seconds)?;
        Ok((servers.sum::<anyhow::Result<f64>>()?, redis))
    }
}
