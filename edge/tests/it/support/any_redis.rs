//! A Redis of any shape: a single one, a cluster, or one that Sentinels watch.

use edge::testing::{RedisCluster, RedisSentinels, RedisServer};
use redis::aio::MultiplexedConnection;

/// A Redis of any shape, as scenarios see it.
pub trait AnyRedis {
    /// What engines are told.
    fn url(&self) -> String;

    /// A connection, past all engines, to the node that has this key now.
    async fn look(&self, key: &str) -> MultiplexedConnection;

    /// All nodes.
    fn servers(&self) -> impl Iterator<Item = &RedisServer>;

    /// Forgets everything.
    async fn empty(&self) {
        for server in self.servers() {
            let mut connection = server.connection().await.unwrap();
            // Replicas refuse, and follow their primary.
            let _emptied = redis::cmd("FLUSHALL").exec_async(&mut connection).await;
        }
    }
}

/// One that outlives each of its nodes.
pub trait Failing: AnyRedis {
    /// Kills the node that has this key now.
    async fn kill_primary(&mut self, key: &str);

    /// Starts what is dead, once it has been replaced, and waits until all is well.
    async fn recover(&mut self);
}

impl AnyRedis for RedisServer {
    fn url(&self) -> String {
        self.url()
    }

    async fn look(&self, _key: &str) -> MultiplexedConnection {
        self.connection().await.unwrap()
    }

    fn servers(&self) -> impl Iterator<Item = &RedisServer> {
        std::iter::once(self)
    }
}

impl AnyRedis for RedisCluster {
    fn url(&self) -> String {
        self.url()
    }

    async fn look(&self, key: &str) -> MultiplexedConnection {
        self.connection(key).await.unwrap()
    }

    fn servers(&self) -> impl Iterator<Item = &RedisServer> {
        self.nodes().iter()
    }
}

impl AnyRedis for RedisSentinels {
    fn url(&self) -> String {
        self.url()
    }

    async fn look(&self, _key: &str) -> MultiplexedConnection {
        let primary = self.primary().await.unwrap();
        self.servers()[primary].connection().await.unwrap()
    }

    fn servers(&self) -> impl Iterator<Item = &RedisServer> {
        self.servers().iter()
    }
}

impl Failing for RedisCluster {
    async fn kill_primary(&mut self, key: &str) {
        let node = self.primary_of(key).await.unwrap();
        self.kill(node).unwrap();
    }

    async fn recover(&mut self) {
        for node in 0..self.nodes().len() {
            if self.nodes()[node].pid().is_none() {
                self.restart(node).await.unwrap();
            }
        }
        self.healthy().await.unwrap();
    }
}

impl Failing for RedisSentinels {
    async fn kill_primary(&mut self, _key: &str) {
        let primary = self.primary().await.unwrap();
        self.kill(primary).unwrap();
    }

    async fn recover(&mut self) {
        self.restart_dead().await.unwrap();
        self.healthy().await.unwrap();
    }
}
