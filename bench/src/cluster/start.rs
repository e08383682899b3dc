//! Servers of several regions over one Redis.

use super::instance::{Instance, Place};
use crate::http;
use crate::machine;
use crate::settings::Settings;
use anyhow::{Context, ensure};
use edge::testing::{Proxy, RedisServer};
use serde::{Deserialize, Deserializer};
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;
use tokio::process::Command;
use tokio::time::{Instant, sleep};

/// How long all servers may take to agree.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often to look.
const POLL: Duration = Duration::from_millis(100);
/// Rate limits and the like that no load here reaches: the largest that the server takes.
const LIMITS: [(&str, &str); 11] = [
    ("SESSION_CLICKS_PER_SECOND", "1000000"),
    ("SESSION_CLICKS_AT_ONCE", "10000000"),
    ("ADDRESS_CLICKS_PER_SECOND", "10000000"),
    ("ADDRESS_CONNECTIONS", "1000000"),
    ("PARTY_CHANGES_PER_MINUTE", "10000000"),
    ("PARTY_MISSES_PER_MINUTE", "10000000"),
    ("PARTY_SEARCHES_PER_MINUTE", "10000000"),
    ("MESSAGES_PER_MINUTE", "10000000"),
    ("CLAIMS_PER_MINUTE", "10000000"),
    ("MAIL_FROM_PER_MINUTE", "10000000"),
    ("MAIL_TO_PER_MINUTE", "10000000"),
];

/// What to start.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// One server for each, such as `["ord", "fra"]`.
    pub regions: &'a [&'a str],
    /// The most frames a second that a session gets; the default is 20.
    pub frames_per_second: u32,
    /// Whether the servers reach Redis through a [`Proxy`] that can slow it.
    pub proxied: bool,
    /// Whether Redis has every write on disk before it answers.
    pub durable: bool,
    /// Where the first server listens; a free place where nothing is said.
    pub at: Option<Place>,
    /// Variables of all servers.
    pub variables: &'a [(&'a str, String)],
}

impl<'a> Plan<'a> {
    /// Those regions with the server's defaults.
    pub fn of(regions: &'a [&'a str]) -> Self {
        Self {
            regions,
            frames_per_second: 20,
            proxied: false,
            durable: false,
            at: None,
            variables: &[],
        }
    }
}

/// Servers of several regions over one Redis; all end with it.
#[derive(Debug)]
pub struct Cluster {
    /// The servers, in the order of the plan.
    pub instances: Vec<Instance>,
    /// The link to Redis, where the plan asked for one.
    pub proxy: Option<Proxy>,
    /// The Redis, on TCP.
    pub redis: RedisServer,
    /// For logs and whatever else a figure writes.
    pub folder: TempDir,
}

/// The sums of `GET /api/world`.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Sums {
    /// The clicks of all regions.
    pub clicks: i64,
    /// The open sessions of all regions.
    pub connections: usize,
    /// The live instances of all regions.
    #[serde(rename = "regions", deserialize_with = "instances")]
    pub instances: usize,
}

/// Adds up the regions' instances.
fn instances<'de, D: Deserializer<'de>>(regions: D) -> Result<usize, D::Error> {
    #[derive(Deserialize)]
    struct Region {
        instances: usize,
    }
    let regions = Vec::<Region>::deserialize(regions)?;
    Ok(regions.iter().map(|region| region.instances).sum())
}

impl Cluster {
    /// Starts Redis and the servers, and waits until each is ready.
    ///
    /// # Errors
    /// Where one does not get ready.
    pub async fn start(settings: &Settings, plan: Plan<'_>) -> anyhow::Result<Self> {
        let redis = match plan.durable {
            true => RedisServer::start_tcp_durable().await,
            false => RedisServer::start_tcp().await,
        };
        let redis = redis.context("starting redis-server")?;
        machine::move_to_server_core(settings, redis.pid().context("redis-server ended")?)?;
        let proxy = if plan.proxied {
            Some(Proxy::start(&redis.url())?)
        } else {
            None
        };
        let redis_url = proxy.as_ref().map_or_else(|| redis.url(), Proxy::url);
        let folder = tempfile::Builder::new().prefix("bench-").tempdir()?;
        let mut instances = Vec::new();
        for (index, region) in plan.regions.iter().enumerate() {
            let place = match plan.at {
                Some(place) if index == 0 => place,
                _ => Place::free()?,
            };
            let log = folder.path().join(format!("{region}-{index}.log"));
            let mut command = server(settings, place, folder.path());
            command
                .env("FLY_REGION", region)
                .env("REDIS_URL", &redis_url)
                .envs(plan.variables.iter().cloned());
            command.env("FRAMES_PER_SECOND", plan.frames_per_second.to_string());
            instances.push(Instance::start(command, place, "/readyz", &log).await?);
        }
        Ok(Self {
            instances,
            proxy,
            redis,
            folder,
        })
    }

    /// Where the servers are.
    pub fn places(&self) -> Vec<Place> {
        self.instances
            .iter()
            .map(|instance| instance.place)
            .collect()
    }

    /// The sums as one server tells them.
    ///
    /// # Errors
    /// Where it does not answer.
    pub async fn sums(&self, index: usize) -> anyhow::Result<Sums> {
        let answer = http::get(self.instances[index].place, "/api/world", &[]).await?;
        ensure!(
            answer.status == 200,
            "GET /api/world answers {}",
            answer.status
        );
        Ok(serde_json::from_slice(&answer.body)?)
    }

    /// Waits until every server's sums are as wanted.
    ///
    /// # Errors
    /// Where they are not within a minute: what they are then.
    pub async fn agree(&self, wanted: impl Fn(Sums) -> bool) -> anyhow::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        for index in 0..self.instances.len() {
            loop {
                let sums = self.sums(index).await?;
                if wanted(sums) {
                    break;
                }
                ensure!(
                    Instant::now() < deadline,
                    "server {index} does not come to agree: {sums:?}"
                );
                sleep(POLL).await;
            }
        }
        Ok(())
    }
}

/// The server's command with all of its environment but region and Redis.
fn server(settings: &Settings, place: Place, folder: &Path) -> Command {
    let mut command = machine::on_server_core(settings, settings.server.as_os_str());
    command
        .current_dir(&settings.root)
        .env("LEPTOS_SITE_ADDR", place.address.to_string())
        .env("LEPTOS_SITE_ROOT", &settings.site)
        .env("LEPTOS_OUTPUT_NAME", "murmuration")
        .env("PUBLIC_URL", place.origin())
        .env("DATA_DIR", folder)
        .env("REDIS_PREFIX", "bench")
        .env("SECRET_KEY", "bench-".repeat(16))
        .envs(LIMITS)
        .env("RUST_LOG", "warn")
        .env_remove("REGION");
    command
}
