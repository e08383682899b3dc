//! Servers of several regions over one Redis.

use super::process::{Meter, Process, free_address, origin};
use super::store::{Kind, Store};
use crate::cli::Settings;
use crate::http;
use crate::machine;
use crate::peers::Peer;
use crate::wait::until;
use edge::testing::Proxy;
use protocol::Region;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;
use tokio::process::Command;

/// How often to check whether the servers agree on the world.
const POLL: Duration = Duration::from_millis(100);
/// The largest rate limits that the server accepts: no load here reaches them.
const LIMITS: [(&str, &str); 16] = [
    ("SESSION_CLICKS_PER_SECOND", "1000000"),
    ("SESSION_CLICKS_AT_ONCE", "10000000"),
    ("ADDRESS_CLICKS_PER_SECOND", "10000000"),
    ("ADDRESS_CONNECTIONS", "1000000"),
    ("PARTY_CHANGES_PER_MINUTE", "10000000"),
    ("PARTY_MISSES_PER_MINUTE", "10000000"),
    ("NETWORK_PARTY_MISSES_PER_MINUTE", "10000000"),
    ("CLUSTER_PARTY_MISSES_PER_MINUTE", "10000000"),
    ("PARTY_SEARCHES_PER_MINUTE", "10000000"),
    ("MESSAGES_PER_MINUTE", "10000000"),
    ("CLAIMS_PER_MINUTE", "10000000"),
    ("NETWORK_MIB_PER_DAY", "1048576"),
    ("MAIL_FROM_PER_MINUTE", "10000000"),
    ("MAIL_TO_PER_MINUTE", "10000000"),
    ("MAIL_UNVERIFIED_PER_MINUTE", "10000000"),
    ("MAIL_UNVERIFIED_PER_NETWORK", "10000000"),
];

/// What to start.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// The region of each server, such as `["ord", "fra"]`.
    pub regions: &'a [&'a str],
    /// The most frames per second that a session gets; the server's default if `None`.
    pub frames_per_second: Option<u32>,
    /// What runs instead of our server.
    pub peer: Option<&'a Peer>,
    /// Whether the servers reach Redis through a [`Proxy`] that can delay it.
    pub proxied: bool,
    /// Which Redis they share.
    pub redis: Kind,
    /// Where the first server listens; any free address if `None`.
    pub address: Option<SocketAddr>,
    /// Additional environment variables of all servers.
    pub variables: &'a [(&'a str, String)],
}

impl<'a> Plan<'a> {
    /// One server in each of these regions, with the server's defaults.
    pub fn of(regions: &'a [&'a str]) -> Self {
        Self {
            regions,
            frames_per_second: None,
            peer: None,
            proxied: false,
            redis: Kind::Memory,
            address: None,
            variables: &[],
        }
    }
}

/// Servers of several regions over one Redis, all killed when it is dropped.
#[derive(Debug)]
pub struct Cluster {
    /// The servers, in the order of the plan.
    pub servers: Vec<Process>,
    /// The link to Redis, if the plan asked for one.
    pub proxy: Option<Proxy>,
    /// The Redis that all share.
    pub redis: Store,
    /// The folder for logs and other files of a figure.
    pub folder: TempDir,
}

/// `GET /api/world`, as far as figures look at it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct World {
    /// The number of changes in the present epoch.
    pub rev: u64,
    /// How long ago the server last heard from Redis, in milliseconds; 0 while it is in reach.
    pub age_ms: u64,
    /// The clicks of all regions.
    pub clicks: i64,
    /// The open sessions of all regions.
    pub connections: usize,
    /// The regions with clicks or live instances.
    pub regions: Vec<Region>,
}

impl World {
    /// The world as the server at this address shows it.
    pub async fn at(address: SocketAddr) -> anyhow::Result<Self> {
        let answer = http::get(address, "/api/world", &[]).await?;
        Ok(serde_json::from_slice(answer.body())?)
    }
}

impl Cluster {
    /// Starts Redis and the servers, and waits until each is ready.
    pub async fn start(settings: &Settings, plan: Plan<'_>) -> anyhow::Result<Self> {
        let redis = Store::start(plan.redis).await?;
        for pid in redis.pids() {
            machine::move_to_server_core(pid)?;
        }
        let proxy = plan.proxied.then(|| Proxy::start(&redis.url()));
        let proxy = proxy.transpose()?;
        let redis_url = proxy.as_ref().map_or_else(|| redis.url(), Proxy::url);
        let folder = tempfile::Builder::new().prefix("bench-").tempdir()?;
        let mut servers = Vec::new();
        for (index, region) in plan.regions.iter().enumerate() {
            let address = match plan.address {
                Some(address) if index == 0 => address,
                _ => free_address()?,
            };
            let log = folder.path().join(format!("{region}-{index}.log"));
            let (mut command, ready) = match plan.peer {
                None => (server(settings, address, folder.path()), "/readyz"),
                Some(peer) => (peer.command(address), "/"),
            };
            let limit = plan.frames_per_second;
            command
                .env("FLY_REGION", region)
                .env("REDIS_URL", &redis_url)
                .envs(limit.map(|frames| ("FRAMES_PER_SECOND", frames.to_string())))
                .envs(plan.variables.iter().cloned());
            servers.push(Process::start(command, address, ready, &log).await?);
        }
        Ok(Self {
            servers,
            proxy,
            redis,
            folder,
        })
    }

    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.servers.iter().map(|server| server.address).collect()
    }

    /// Measures the servers and Redis.
    pub fn meter(&self) -> Meter {
        Meter {
            servers: self.servers.iter().map(|server| server.pid).collect(),
            redis: self.redis.pids(),
        }
    }

    /// The world as one server shows it.
    pub async fn world(&self, index: usize) -> anyhow::Result<World> {
        World::at(self.servers[index].address).await
    }

    /// Waits until every server shows a world that meets the condition.
    pub async fn wait_for(&self, condition: impl Fn(&World) -> bool) -> anyhow::Result<()> {
        for index in 0..self.servers.len() {
            until(POLL, async || {
                let world = self.world(index).await?;
                let shown = || format!("server {index} still shows {world:?}");
                Ok(condition(&world).then_some(()).ok_or_else(shown))
            })
            .await?;
        }
        Ok(())
    }
}

/// The command that runs a server, with all of its environment but region and Redis.
pub fn server(settings: &Settings, address: SocketAddr, folder: &Path) -> Command {
    let mut command = machine::on_server_core(settings.server.as_os_str());
    command
        .current_dir(&settings.root)
        .env("LEPTOS_SITE_ADDR", address.to_string())
        .env("LEPTOS_SITE_ROOT", &settings.site)
        .env("LEPTOS_OUTPUT_NAME", "murmuration")
        .env("PUBLIC_URL", origin(address))
        .env("DATA_DIR", folder)
        .env("REDIS_PREFIX", "bench")
        .env("SECRET_KEY", "bench-".repeat(16))
        .envs(LIMITS)
        .env("RUST_LOG", "warn")
        .env_remove("REGION");
    command
}
