//! Processes that serve HTTP, a server or a baseline, and the CPU time that they use.

use crate::http;
use crate::machine;
use crate::wait::until;
use anyhow::{Context, ensure};
use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

/// How often to check whether a process is ready.
const POLL: Duration = Duration::from_millis(20);
/// The lines of the log that an error shows.
const LOG_LINES: usize = 20;

/// A free port of 127.0.0.1.
pub fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

/// What a browser sends as `Origin` to this address.
pub fn origin(address: SocketAddr) -> String {
    format!("http://{address}")
}

/// One process that serves HTTP, killed when dropped.
#[derive(Debug)]
pub struct Process {
    /// Where it listens.
    pub address: SocketAddr,
    pub pid: u32,
    child: Child,
}

impl Process {
    /// Starts the command and waits until the path answers 200. Its output goes to `log`, whose end is part of
    /// the error if it fails.
    pub async fn start(
        mut command: Command,
        address: SocketAddr,
        ready: &str,
        log: &Path,
    ) -> anyhow::Result<Self> {
        let output = File::create(log)?;
        let child = command.stdout(output.try_clone()?).stderr(output).spawn();
        let child = child.with_context(|| format!("starting {command:?}"))?;
        let pid = child.id().context("the process exited at once")?;
        let mut process = Self {
            address,
            pid,
            child,
        };
        let started = until(POLL, async || {
            ensure!(process.child.try_wait()?.is_none(), "it exited");
            let answer = http::get(address, ready, &[]).await;
            Ok(answer.map(drop).map_err(|error| error.to_string()))
        });
        started.await.with_context(|| {
            let text = fs::read_to_string(log).unwrap_or_default();
            let lines: Vec<_> = text.lines().collect();
            let end = &lines[lines.len().saturating_sub(LOG_LINES)..];
            format!("{command:?} did not become ready:\n{}", end.join("\n"))
        })?;
        Ok(process)
    }

    /// Kills it (SIGKILL) and waits for its end.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }

    /// Lets it stand still (SIGSTOP): its connections stay open, and it answers nothing.
    pub fn freeze(&self) -> anyhow::Result<()> {
        machine::signal(self.pid, "STOP")
    }

    /// Lets it go on where it stood.
    pub fn thaw(&self) -> anyhow::Result<()> {
        machine::signal(self.pid, "CONT")
    }

    /// Measures this process alone.
    pub fn meter(&self) -> Meter {
        Meter {
            servers: vec![self.pid],
            redis: Vec::new(),
        }
    }

    /// Starts this binary as a baseline, pinned as the servers are.
    pub async fn baseline(arguments: &[&str], folder: &Path) -> anyhow::Result<Self> {
        let address = free_address()?;
        let mut command = machine::on_server_core(std::env::current_exe()?.as_os_str());
        command.args(["baseline", &address.to_string()]);
        command.args(arguments);
        Self::start(command, address, "/", &folder.join("baseline.log")).await
    }
}

/// Measures the CPU time of servers and Redis.
#[derive(Clone, Debug)]
pub struct Meter {
    /// The processes of the servers.
    pub servers: Vec<u32>,
    /// Those of Redis.
    pub redis: Vec<u32>,
}

/// What processes used while something ran.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// The seconds that it took.
    pub seconds: f64,
    /// CPU seconds of all servers, and the cores that they kept busy.
    pub server_cpu: f64,
    pub server_cores: f64,
    /// CPU seconds of Redis, and the cores that it kept busy.
    pub redis_cpu: f64,
    pub redis_cores: f64,
}

impl Meter {
    /// Runs some work; returns its result, and what the processes used meanwhile.
    pub async fn run<T>(
        &self,
        work: impl Future<Output = anyhow::Result<T>>,
    ) -> anyhow::Result<(T, Usage)> {
        let (start, before) = (Instant::now(), self.cpu_seconds()?);
        let result = work.await?;
        let (seconds, after) = (start.elapsed().as_secs_f64(), self.cpu_seconds()?);
        let (server_cpu, redis_cpu) = (after.0 - before.0, after.1 - before.1);
        let usage = Usage {
            seconds,
            server_cpu,
            server_cores: server_cpu / seconds,
            redis_cpu,
            redis_cores: redis_cpu / seconds,
        };
        Ok((result, usage))
    }

    /// The CPU seconds of the servers and of Redis so far.
    fn cpu_seconds(&self) -> anyhow::Result<(f64, f64)> {
        let sum = |pids: &[u32]| pids.iter().map(|&pid| machine::cpu_seconds(pid)).sum();
        let servers: anyhow::Result<f64> = sum(&self.servers);
        let redis: anyhow::Result<f64> = sum(&self.redis);
        Ok((servers?, redis?))
    }
}
