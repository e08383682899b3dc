//! What fails: instances, their Redis, and the links between them and to the load.

use super::ledger::REGIONS;
use crate::cli::Settings;
use crate::cluster::{Kind, Process, Store, World, free_address, origin, server};
use anyhow::Context;
use edge::testing::Proxy;
use futures::future::try_join_all;
use std::net::SocketAddr;
use tempfile::TempDir;

/// An instance, which may be dead.
#[derive(Debug)]
pub struct Instance {
    /// Where it listens; the same after a restart.
    pub address: SocketAddr,
    /// Between the load and the instance.
    pub door: Proxy,
    /// Between the instance and a single Redis.
    pub link: Option<Proxy>,
    /// None while it is dead.
    pub process: Option<Process>,
}

/// All that can fail. Processes are killed when it is dropped.
#[derive(Debug)]
pub struct Stage<'a> {
    settings: &'a Settings,
    pub instances: Vec<Instance>,
    pub store: Store,
    folder: TempDir,
}

impl<'a> Stage<'a> {
    /// Starts Redis and an instance for each of [`REGIONS`].
    pub async fn start(settings: &'a Settings, kind: Kind) -> anyhow::Result<Self> {
        let mut stage = Self {
            settings,
            instances: Vec::new(),
            store: Store::start(kind).await?,
            folder: tempfile::Builder::new().prefix("bench-").tempdir()?,
        };
        for index in 0..REGIONS.len() {
            let address = free_address()?;
            let url = stage.store.url();
            // Nodes of a cluster, and Sentinels, tell clients where to connect to: that would lead around a proxy.
            let is_single = matches!(stage.store, Store::Single(_));
            stage.instances.push(Instance {
                address,
                door: Proxy::start(&format!("redis://{address}"))?,
                link: is_single.then(|| Proxy::start(&url)).transpose()?,
                process: None,
            });
            stage.restart(index).await?;
        }
        Ok(stage)
    }

    /// Starts a dead instance, and waits until it is ready.
    pub async fn restart(&mut self, index: usize) -> anyhow::Result<()> {
        let instance = &self.instances[index];
        let address = instance.address;
        let url = instance.link.as_ref().map(Proxy::url);
        let mut command = server(self.settings, address, self.folder.path());
        command
            .env("FLY_REGION", REGIONS[index])
            .env("REDIS_URL", url.unwrap_or_else(|| self.store.url()))
            .env("PUBLIC_URL", origin(self.door(index)?))
            .env("DRAW_PLAYERS", "1000");
        let log = self.folder.path().join(format!("{index}.log"));
        let process = Process::start(command, address, "/readyz", &log).await?;
        self.instances[index].process = Some(process);
        Ok(())
    }

    /// Where the load reaches that instance.
    pub fn door(&self, index: usize) -> anyhow::Result<SocketAddr> {
        let url = self.instances[index].door.url();
        let address = url.strip_prefix("redis://").context("a proxy's URL")?;
        Ok(address.parse()?)
    }

    /// The link between that instance and a single Redis.
    pub fn link(&self, index: usize) -> anyhow::Result<&Proxy> {
        let link = self.instances[index].link.as_ref();
        link.context("only links to a single Redis can fail")
    }

    /// The numbers and addresses of the instances that run.
    pub fn running(&self) -> Vec<(usize, SocketAddr)> {
        let all = self.instances.iter().enumerate();
        all.filter(|(_, instance)| instance.process.is_some())
            .map(|(index, instance)| (index, instance.address))
            .collect()
    }

    /// The world as each running instance shows it.
    pub async fn worlds(&self) -> anyhow::Result<Vec<World>> {
        try_join_all(
            self.running()
                .into_iter()
                .map(|(_, address)| World::at(address)),
        )
        .await
    }
}
