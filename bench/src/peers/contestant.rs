//! The servers that are held against each other, and how each is started.

use super::install::install;
use crate::cli::Settings;
use crate::cluster::{Cluster, Plan};
use crate::live::{Crowd, Dialect, Manner, OPENING_MAX, REGIONS};
use crate::machine;
use anyhow::{Context, bail};
use clap::ValueEnum;
use std::env::consts::ARCH;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::process::Command;
use tokio::time::sleep;

/// A server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Contestant {
    /// Ours, with its defaults.
    Murmuration,
    /// Bun's own WebSocket server and Redis client.
    Bun,
    /// Node with `ws` and ioredis.
    Ws,
    /// Node with Socket.IO, its Redis adapter and ioredis.
    #[value(name = "socketio")]
    SocketIo,
}

impl Contestant {
    /// Its name in a table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Murmuration => "Murmuration",
            Self::Bun => "Bun",
            Self::Ws => "Node, ws",
            Self::SocketIo => "Node, Socket.IO",
        }
    }

    /// How sessions speak to it. All clicks are +1.
    pub fn manner(self) -> Manner {
        let dialect = match self {
            Self::SocketIo => Dialect::SocketIo,
            _ => Dialect::Live,
        };
        Manner {
            dialect,
            only_up: true,
        }
    }
}

/// Another server, installed.
#[derive(Clone, Debug)]
pub struct Peer {
    program: PathBuf,
    script: PathBuf,
}

impl Peer {
    /// Where a server is in the folder of all; `None` for ours.
    fn of(contestant: Contestant, folder: &Path) -> anyhow::Result<Option<Self>> {
        let bun = match ARCH {
            "x86_64" => "node_modules/@oven/bun-linux-x64/bin/bun",
            "aarch64" => "node_modules/@oven/bun-linux-aarch64/bin/bun",
            other => bail!("Bun does not run on {other}"),
        };
        let (program, script) = match contestant {
            Contestant::Murmuration => return Ok(None),
            Contestant::Bun => (folder.join(bun), "bun.js"),
            Contestant::Ws => ("node".into(), "ws.js"),
            Contestant::SocketIo => ("node".into(), "socketio.js"),
        };
        let script = folder.join(script);
        Ok(Some(Self { program, script }))
    }

    /// The command that runs it, with all of its environment but region and Redis.
    pub fn command(&self, address: SocketAddr) -> Command {
        let mut command = machine::on_server_core(self.program.as_os_str());
        command
            .arg(&self.script)
            .env("NODE_ENV", "production")
            .env("HOST", address.ip().to_string())
            .env("PORT", address.port().to_string());
        command
    }
}

/// What all measurements share.
#[derive(Debug)]
pub struct Stage<'a> {
    pub settings: &'a Settings,
    /// Who takes part, in the order of the rows.
    pub contestants: Vec<Contestant>,
    /// The folder of the other servers.
    folder: PathBuf,
}

impl<'a> Stage<'a> {
    /// Installs what the servers need that is not there.
    pub async fn prepare(
        settings: &'a Settings,
        contestants: &[Contestant],
    ) -> anyhow::Result<Self> {
        let folder = settings.target.join("peers");
        if contestants
            .iter()
            .any(|&one| one != Contestant::Murmuration)
        {
            install(&settings.root.join("bench/peers"), &folder)
                .await
                .context("installing the other servers")?;
        }
        Ok(Self {
            settings,
            contestants: contestants.to_vec(),
            folder,
        })
    }

    /// Starts two servers, one in each region.
    pub async fn start(&self, contestant: Contestant) -> anyhow::Result<Cluster> {
        let peer = Peer::of(contestant, &self.folder)?;
        let plan = Plan {
            peer: peer.as_ref(),
            ..Plan::of(&REGIONS)
        };
        let cluster = Cluster::start(self.settings, plan).await;
        cluster.with_context(|| format!("starting {}", contestant.name()))
    }

    /// Opens sessions, and lets what that sets off come to rest.
    pub async fn crowd(
        &self,
        contestant: Contestant,
        cluster: &Cluster,
        sessions: usize,
    ) -> anyhow::Result<Crowd> {
        let mut crowd = Crowd::default();
        let addresses = cluster.addresses();
        crowd
            .add(&addresses, sessions, contestant.manner(), OPENING_MAX)
            .await?;
        sleep(REST).await;
        Ok(crowd)
    }
}

/// How long servers need to tell each other of new sessions: all do so within a second.
const REST: Duration = Duration::from_millis(1_500);
