//! The Redis of a cluster: one server, or several that replicate.

use anyhow::Context;
use edge::testing::{RedisCluster, RedisOptions, RedisSentinels, RedisServer};

/// Which Redis to start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// One server, in memory.
    Memory,
    /// One server that has every write on disk before it answers.
    Durable,
    /// A primary and a replica, in memory.
    Replicated,
    /// A primary, two replicas and three Sentinels, in memory.
    Sentinels,
    /// Three primaries with a replica each, in memory.
    Cluster,
}

impl Kind {
    /// Its name in a table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Memory => "one, in memory",
            Self::Durable => "one, every write on disk",
            Self::Replicated => "a primary and a replica",
            Self::Sentinels => "three, with Sentinels",
            Self::Cluster => "a cluster of three",
        }
    }
}

/// A Redis on TCP, killed when it is dropped.
#[derive(Debug)]
pub enum Store {
    Single(Box<RedisServer>),
    /// The primary, then its replica.
    Replicated(Box<[RedisServer; 2]>),
    Sentinels(RedisSentinels),
    Cluster(RedisCluster),
}

impl Store {
    /// Starts it, and waits until it is complete.
    pub async fn start(kind: Kind) -> anyhow::Result<Self> {
        let started = async {
            Ok::<_, std::io::Error>(match kind {
                Kind::Memory => Self::Single(RedisServer::start_tcp().await?.into()),
                Kind::Durable => Self::Single(RedisServer::start_tcp_durable().await?.into()),
                Kind::Replicated => {
                    let primary = RedisServer::start_tcp().await?;
                    let options = RedisOptions::default().replica_of(&primary);
                    let replica = RedisServer::start_with(options).await?;
                    Self::Replicated(Box::new([primary, replica]))
                }
                Kind::Sentinels => Self::Sentinels(RedisSentinels::start().await?),
                Kind::Cluster => Self::Cluster(RedisCluster::start().await?),
            })
        };
        started.await.context("starting redis-server")
    }

    /// What servers get as `REDIS_URL`.
    pub fn url(&self) -> String {
        match self {
            Self::Single(server) => server.url(),
            Self::Replicated(servers) => servers[0].url(),
            Self::Sentinels(sentinels) => sentinels.url(),
            Self::Cluster(cluster) => cluster.url(),
        }
    }

    /// The servers, without Sentinels.
    pub fn nodes(&self) -> &[RedisServer] {
        match self {
            Self::Single(server) => std::slice::from_ref(server),
            Self::Replicated(servers) => &servers[..],
            Self::Sentinels(sentinels) => sentinels.servers(),
            Self::Cluster(cluster) => cluster.nodes(),
        }
    }

    /// The only server, or the first.
    pub fn first(&self) -> &RedisServer {
        &self.nodes()[0]
    }

    /// The processes of the servers that run.
    pub fn pids(&self) -> Vec<u32> {
        self.nodes().iter().filter_map(RedisServer::pid).collect()
    }

    /// The node that serves a key.
    pub async fn primary(&self, key: &str) -> anyhow::Result<usize> {
        Ok(match self {
            Self::Single(_) | Self::Replicated(_) => 0,
            Self::Sentinels(sentinels) => sentinels.primary().await?,
            Self::Cluster(cluster) => cluster.primary_of(key).await?,
        })
    }

    /// Kills a node (SIGKILL).
    pub fn kill(&mut self, node: usize) -> anyhow::Result<()> {
        match self {
            Self::Single(server) => server.kill()?,
            Self::Replicated(servers) => servers[node].kill()?,
            Self::Sentinels(sentinels) => sentinels.kill(node)?,
            Self::Cluster(cluster) => cluster.kill(node)?,
        }
        Ok(())
    }

    /// Starts a dead node, as a replica where another took over.
    pub async fn restart(&mut self, node: usize) -> anyhow::Result<()> {
        match self {
            Self::Single(server) => server.restart().await?,
            Self::Replicated(servers) => servers[node].restart().await?,
            Self::Sentinels(sentinels) => sentinels.restart_dead().await?,
            Self::Cluster(cluster) => cluster.restart(node).await?,
        }
        Ok(())
    }

    /// Lets a node stand still (SIGSTOP).
    pub fn freeze(&mut self, node: usize) -> anyhow::Result<()> {
        match self {
            Self::Single(server) => server.freeze()?,
            Self::Replicated(servers) => servers[node].freeze()?,
            Self::Sentinels(sentinels) => sentinels.freeze(node)?,
            Self::Cluster(cluster) => cluster.freeze(node)?,
        }
        Ok(())
    }

    /// Lets a node go on.
    pub fn thaw(&mut self, node: usize) -> anyhow::Result<()> {
        match self {
            Self::Single(server) => server.thaw()?,
            Self::Replicated(servers) => servers[node].thaw()?,
            Self::Sentinels(sentinels) => sentinels.thaw(node)?,
            Self::Cluster(cluster) => cluster.thaw(node)?,
        }
        Ok(())
    }

    /// Waits until all nodes are there, and replicas are up to date.
    pub async fn healthy(&self) -> anyhow::Result<()> {
        match self {
            Self::Single(_) | Self::Replicated(_) => {}
            Self::Sentinels(sentinels) => sentinels.healthy().await?,
            Self::Cluster(cluster) => cluster.healthy().await?,
        }
        Ok(())
    }
}
