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

/// What happens to a primary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blow {
    /// It ends in the middle of everything.
    Kill,
    /// It stands still until it has been replaced, and then goes on where it stood.
    Freeze,
    /// It is replaced while it lives, and goes on taking writes until it hears of that.
    Demote,
}

/// One that outlives each of its nodes.
pub trait Failing: AnyRedis {
    /// Strikes the node that has this key now. Its number.
    async fn strike(&mut self, blow: Blow, key: &str) -> usize;

    /// Waits until that node has been replaced, starts it if it is dead, lets it go on if it stands still, and waits until
    /// all is well.
    async fn recover(&mut self, node: usize);
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
    async fn strike(&mut self, blow: Blow, key: &str) -> usize {
        let node = self.primary_of(key).await.unwrap();
        let struck = match blow {
            Blow::Kill => self.kill(node),
            Blow::Freeze => self.freeze(node),
            Blow::Demote => self.demote(node).await,
        };
        struck.unwrap();
        node
    }

    async fn recover(&mut self, node: usize) {
        self.replaced(node).await.unwrap();
        if self.nodes()[node].pid().is_none() {
            self.restart(node).await.unwrap();
        } else {
            self.thaw(node).unwrap();
        }
        self.healthy().await.unwrap();
    }
}

impl Failing for RedisSentinels {
    async fn strike(&mut self, blow: Blow, _key: &str) -> usize {
        let primary = self.primary().await.unwrap();
        let struck = match blow {
            Blow::Kill => self.kill(primary),
            Blow::Freeze => self.freeze(primary),
            Blow::Demote => self.demote().await,
        };
        struck.unwrap();
        primary
    }

    async fn recover(&mut self, server: usize) {
        self.replaced(server).await.unwrap();
        self.thaw(server).unwrap();
        self.restart_dead().await.unwrap();
        self.healthy().await.unwrap();
    }
}
