//! What processes have used and a crowd has got, between two moments.

use super::instance::Instance;
use super::start::Cluster;
use crate::live::{Crowd, Tally};
use crate::machine;
use std::time::Instant;

/// Reads the clocks of the processes and the tallies of a crowd.
#[derive(Debug)]
pub struct Meter<'a> {
    servers: Vec<u32>,
    redis: Option<u32>,
    crowd: &'a Crowd,
}

/// The state at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    at: Instant,
    server_cpu: f64,
    redis_cpu: f64,
    tally: Tally,
}

/// What came to pass between two readings.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// Seconds that passed.
    pub seconds: f64,
    /// CPU seconds of all servers.
    pub server_cpu: f64,
    /// CPU seconds of Redis.
    pub redis_cpu: f64,
    /// World frames that reached sessions.
    pub frames: f64,
    /// Clicks that were acknowledged.
    pub clicks: f64,
    /// Clicks' outcomes that reached sessions: each click reaches all.
    pub effects: f64,
}

impl<'a> Meter<'a> {
    /// Of a whole cluster.
    pub fn of_cluster(cluster: &Cluster, crowd: &'a Crowd) -> Self {
        let servers = cluster
            .instances
            .iter()
            .map(|instance| instance.pid)
            .collect();
        Self {
            servers,
            redis: cluster.redis.pid(),
            crowd,
        }
    }

    /// Of a baseline.
    pub fn of_baseline(instance: &Instance, crowd: &'a Crowd) -> Self {
        Self {
            servers: vec![instance.pid],
            redis: None,
            crowd,
        }
    }

    /// The state now.
    ///
    /// # Errors
    /// Where a process is gone or a session was closed.
    pub fn read(&self) -> anyhow::Result<Reading> {
        let cpu = self.servers.iter().map(|&pid| machine::cpu_seconds(pid));
        Ok(Reading {
            at: Instant::now(),
            server_cpu: cpu.sum::<anyhow::Result<f64>>()?,
            redis_cpu: self.redis.map_or(Ok(0.0), machine::cpu_seconds)?,
            tally: self.crowd.tally()?,
        })
    }

    /// What came to pass since a reading.
    ///
    /// # Errors
    /// As [`Meter::read`].
    pub fn since(&self, start: &Reading) -> anyhow::Result<Span> {
        let end = self.read()?;
        let clicks = (end.tally.acknowledged - start.tally.acknowledged) as f64;
        Ok(Span {
            seconds: (end.at - start.at).as_secs_f64(),
            server_cpu: end.server_cpu - start.server_cpu,
            redis_cpu: end.redis_cpu - start.redis_cpu,
            frames: (end.tally.frames - start.tally.frames) as f64,
            clicks,
            effects: clicks * self.crowd.len() as f64,
        })
    }
}
