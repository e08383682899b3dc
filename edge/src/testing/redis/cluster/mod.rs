//! A Redis Cluster.

mod slots;

#[cfg(test)]
mod tests;

mod view;

use super::ports::{free_ports, on_free_ports};
use super::process::until;
use super::{RedisOptions, RedisServer};
use redis::aio::MultiplexedConnection;
use std::io;
use view::{View, nodes_conf};

/// All nodes: the primaries, then a replica of each.
const NODES: usize = 6;
/// Those that begin as primaries.
const PRIMARIES: usize = 3;
/// All hash slots.
const SLOTS: u16 = 16_384;

/// Three primaries with a replica each, on free ports of 127.0.0.1, in folders of their own.
///
/// Nodes are numbered from 0; those from 3 on begin as replicas. Who is what changes with every failover, which takes
/// about two seconds. All are killed, and their files removed, with this value.
#[derive(Debug)]
pub struct RedisCluster {
    nodes: Vec<RedisServer>,
}

impl RedisCluster {
    /// Starts one that keeps everything in memory, and waits until it is healthy.
    ///
    /// # Errors
    /// Where `redis-server` is not installed, or the cluster is not healthy in 30 s.
    pub async fn start() -> io::Result<Self> {
        Self::start_with(RedisOptions::default()).await
    }

    /// Starts one whose nodes are told all that.
    ///
    /// # Errors
    /// As [`RedisCluster::start`].
    pub async fn start_with(options: RedisOptions) -> io::Result<Self> {
        let options = options
            .tcp()
            .setting("cluster-enabled", "yes")
            .setting("cluster-node-timeout", "1000")
            .setting("cluster-require-full-coverage", "no")
            .setting("cluster-allow-replica-migration", "no")
            // A replica may take over however long its primary has been away.
            .setting("cluster-replica-validity-factor", "0");
        let options = match options.tls {
            Some(_) => options.setting("tls-cluster", "yes"),
            None => options,
        };
        on_free_ports(async || Self::launch(&options).await).await
    }

    async fn launch(options: &RedisOptions) -> io::Result<Self> {
        let ports = free_ports(NODES * 2)?;
        let (ports, buses) = ports.split_at(NODES);
        let mut nodes = Vec::new();
        for (number, (port, bus)) in ports.iter().zip(buses).enumerate() {
            let options = options.clone().setting("cluster-port", &bus.to_string());
            let mut node = RedisServer::prepare(options, Some(*port))?;
            // They know each other from the start: no introductions.
            let conf = nodes_conf(number, ports, buses);
            std::fs::write(node.folder().join("nodes.conf"), conf)?;
            node.restart().await?;
            nodes.push(node);
        }
        let cluster = Self { nodes };
        cluster.healthy().await?;
        Ok(cluster)
    }

    /// A URL that names three of the nodes; with the password if they ask for one.
    #[must_use]
    pub fn url(&self) -> String {
        let mut nodes = self.nodes[1..PRIMARIES].iter();
        let more = nodes.try_fold(String::new(), |more, node| {
            let begin = if more.is_empty() { '?' } else { '&' };
            Some(format!("{more}{begin}node={}", node.address()?))
        });
        let url = self.nodes[0].url().replacen("://", "-cluster://", 1);
        url + &more.unwrap_or_default()
    }

    /// All nodes by their numbers.
    #[must_use]
    pub fn nodes(&self) -> &[RedisServer] {
        &self.nodes
    }

    /// The node that serves this slot now.
    ///
    /// # Errors
    /// Where none of those that answer does.
    pub async fn primary_of_slot(&self, slot: u16) -> io::Result<usize> {
        // One that was dead may not know yet that another has taken over: of two, it is the newer one.
        let mut newest = None;
        for view in self.views().await {
            let own = view.own()?;
            if own.is_primary && own.serves(slot) {
                newest = newest.max(Some((own.epoch, own.number)));
            }
        }
        let (_, number) = newest.ok_or_else(|| io::Error::other("no node serves the slot"))?;
        Ok(number)
    }

    /// The node that serves this key now.
    ///
    /// # Errors
    /// As [`RedisCluster::primary_of_slot`].
    pub async fn primary_of(&self, key: &str) -> io::Result<usize> {
        self.primary_of_slot(Self::slot_of(key)).await
    }

    /// Opens a connection to the node that serves this key now.
    ///
    /// # Errors
    /// As [`RedisCluster::primary_of_slot`].
    pub async fn connection(&self, key: &str) -> io::Result<MultiplexedConnection> {
        self.nodes[self.primary_of(key).await?].connection().await
    }

    /// Every key and value of all primaries, as text, a line each. Slots must not be moving.
    ///
    /// # Errors
    /// As [`RedisServer::dump`].
    pub async fn dump(&self) -> io::Result<String> {
        let mut dump = Vec::new();
        for view in self.views().await {
            let own = view.own()?;
            if own.is_primary && own.slots() > 0 {
                dump.push(self.nodes[own.number].dump().await?);
            }
        }
        Ok(dump.join("\n"))
    }

    /// Kills a node (SIGKILL) and waits for its end, not for its successor.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn kill(&mut self, node: usize) -> io::Result<()> {
        self.nodes[node].kill()
    }

    /// Starts a dead node once it has been [replaced](RedisCluster::replaced), so that it comes back as a replica.
    ///
    /// # Errors
    /// As [`RedisServer::restart`] and [`RedisCluster::replaced`].
    pub async fn restart(&mut self, node: usize) -> io::Result<()> {
        self.replaced(node).await?;
        self.nodes[node].restart().await
    }

    /// Lets a replica of that primary take its slots while it lives, without asking it or anybody (`CLUSTER FAILOVER
    /// TAKEOVER`). Until it hears of that, it goes on taking writes.
    ///
    /// # Errors
    /// Where it has no replica, or that refuses.
    pub async fn demote(&self, node: usize) -> io::Result<()> {
        for view in self.views().await {
            let own = view.own()?;
            if own.follows(node) {
                let mut connection = self.nodes[own.number].connection().await?;
                let mut failover = redis::cmd("CLUSTER");
                failover.arg(&["FAILOVER", "TAKEOVER"]);
                let done = failover.exec_async(&mut connection).await;
                return done.map_err(io::Error::other);
            }
        }
        Err(io::Error::other("no replica"))
    }

    /// Waits until another node has the slots of that one, as all know that answer; not where nobody is there to take them.
    ///
    /// # Errors
    /// Where it is not so in 30 s.
    pub async fn replaced(&self, node: usize) -> io::Result<()> {
        until("a successor", async || {
            let views = self.views().await;
            let waits = views.into_iter().find(|view| view.awaits_heir(node));
            Ok(waits.map_or(Ok(()), |view| Err(view.text)))
        })
        .await
    }

    /// Lets a node stand still (SIGSTOP): its connections stay open, and it answers nothing.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn freeze(&mut self, node: usize) -> io::Result<()> {
        self.nodes[node].freeze()
    }

    /// Lets a node go on where it stood.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn thaw(&mut self, node: usize) -> io::Result<()> {
        self.nodes[node].thaw()
    }

    /// Waits until all nodes are there and agree, every slot is served, and every primary has a replica that is up to date.
    ///
    /// # Errors
    /// Where it is not so in 30 s.
    pub async fn healthy(&self) -> io::Result<()> {
        until("a healthy cluster", async || {
            let views = self.views().await;
            if views.len() < NODES {
                return Ok(Err(format!("only {} nodes answer", views.len())));
            }
            let fault = views
                .iter()
                .find(|view| !view.is_healthy() || !view.agrees(&views[0]));
            Ok(fault.map_or(Ok(()), |view| Err(view.text.clone())))
        })
        .await
    }

    /// What those say that answer.
    async fn views(&self) -> Vec<View> {
        let mut views = Vec::new();
        for node in self.nodes.iter().filter(|node| node.answers()) {
            // One that has just begun, or ends, will be asked again.
            views.extend(View::of(node).await.ok());
        }
        views
    }
}
