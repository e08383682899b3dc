//! A primary with replicas, and the Sentinels that watch them.

mod sentinel;

#[cfg(test)]
mod tests;

use super::ports::{free_ports, on_free_ports};
use super::process::until;
use super::{RedisOptions, RedisServer};
use sentinel::{SERVICE, Sentinel};
use std::collections::HashMap;
use std::io;

/// All servers: the primary, then its replicas.
const SERVERS: usize = 3;
const SENTINELS: usize = 3;

/// Names and values that a Sentinel tells.
type Words = HashMap<String, String>;

/// A primary, two replicas and three Sentinels, on free ports of 127.0.0.1, in folders of their own.
///
/// Servers are numbered from 0, which begins as the primary. Who is what changes with every failover, which takes about a
/// second. All are killed, and their files removed, with this value.
#[derive(Debug)]
pub struct RedisSentinels {
    servers: Vec<RedisServer>,
    sentinels: Vec<Sentinel>,
}

impl RedisSentinels {
    /// Starts servers that keep everything in memory, and waits until all are healthy.
    ///
    /// # Errors
    /// Where `redis-server` is not installed, or not all are healthy in 30 s.
    pub async fn start() -> io::Result<Self> {
        Self::start_with(RedisOptions::default()).await
    }

    /// Starts servers that are told all that. Sentinels ask for no password.
    ///
    /// # Errors
    /// As [`RedisSentinels::start`].
    pub async fn start_with(options: RedisOptions) -> io::Result<Self> {
        let options = options.tcp();
        on_free_ports(async || Self::launch(&options).await).await
    }

    async fn launch(options: &RedisOptions) -> io::Result<Self> {
        let primary = RedisServer::start_with(options.clone()).await?;
        let mut servers = vec![primary];
        while servers.len() < SERVERS {
            let options = options.clone().replica_of(&servers[0]);
            servers.push(RedisServer::start_with(options).await?);
        }
        let mut sentinels = Vec::new();
        for port in free_ports(SENTINELS)? {
            sentinels.push(Sentinel::start(port, &servers[0]).await?);
        }
        let all = Self { servers, sentinels };
        all.healthy().await?;
        Ok(all)
    }

    /// A URL that names the three Sentinels and what they watch; with the servers' password if they ask for one.
    #[must_use]
    pub fn url(&self) -> String {
        let place = |sentinel: &Sentinel| format!("127.0.0.1:{}", sentinel.port);
        let primary = &self.servers[0];
        let address = primary.address().unwrap_or_default();
        let url = primary.url().replacen("://", "-sentinel://", 1);
        let url = url.replacen(&address, &place(&self.sentinels[0]), 1);
        let [_, more @ ..] = &self.sentinels[..] else {
            return url;
        };
        let more: String = more
            .iter()
            .map(|one| format!("&node={}", place(one)))
            .collect();
        format!("{url}?sentinelServiceName={SERVICE}{more}")
    }

    /// All servers by their numbers.
    #[must_use]
    pub fn servers(&self) -> &[RedisServer] {
        &self.servers
    }

    /// The server that most Sentinels take for the primary now.
    ///
    /// # Errors
    /// Where no majority agrees.
    pub async fn primary(&self) -> io::Result<usize> {
        let mut votes = [0; SERVERS];
        for sentinel in self.sentinels.iter().filter(|sentinel| sentinel.answers()) {
            let (_, port): (String, u16) = sentinel.ask("GET-MASTER-ADDR-BY-NAME").await?;
            let ports = self.servers.iter().map(RedisServer::port);
            for (vote, _) in votes
                .iter_mut()
                .zip(ports)
                .filter(|(_, own)| *own == Some(port))
            {
                *vote += 1;
            }
        }
        let elected = votes.iter().position(|votes| *votes * 2 > SENTINELS);
        elected.ok_or_else(|| io::Error::other("the Sentinels do not agree"))
    }

    /// Kills a server (SIGKILL) and waits for its end, not for a failover.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn kill(&mut self, server: usize) -> io::Result<()> {
        self.servers[server].kill()
    }

    /// Kills a Sentinel.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn kill_sentinel(&mut self, sentinel: usize) -> io::Result<()> {
        self.sentinels[sentinel].kill()
    }

    /// Lets a server stand still (SIGSTOP): its connections stay open, and it answers nothing.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn freeze(&mut self, server: usize) -> io::Result<()> {
        self.servers[server].freeze()
    }

    /// Lets a server go on where it stood.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn thaw(&mut self, server: usize) -> io::Result<()> {
        self.servers[server].thaw()
    }

    /// Lets the Sentinels replace the primary while it lives (`SENTINEL FAILOVER`), and waits until most name another. Until
    /// it hears of that, it goes on taking writes.
    ///
    /// # Errors
    /// Where it is not so in 30 s.
    pub async fn demote(&self) -> io::Result<()> {
        let primary = self.primary().await?;
        until("a failover", async || {
            if self.primary().await.is_ok_and(|now| now != primary) {
                return Ok(Ok(()));
            }
            // Refused while one is under way; that may have begun before all had heard of the last one, and fail.
            let asked: io::Result<()> = self.sentinels[0].ask("FAILOVER").await;
            Ok(Err(format!("{asked:?}")))
        })
        .await
    }

    /// Waits until most Sentinels take another server for the primary.
    ///
    /// # Errors
    /// Where it is not so in 30 s.
    pub async fn replaced(&self, server: usize) -> io::Result<()> {
        until("a successor", async || match self.primary().await {
            Ok(primary) if primary != server => Ok(Ok(())),
            Ok(_) => Ok(Err("it is still the primary".into())),
            Err(error) => Ok(Err(error.to_string())),
        })
        .await
    }

    /// Starts all that is dead: Sentinels first; then servers, as replicas of the primary, once there is one.
    ///
    /// # Errors
    /// As [`RedisServer::restart`]; where no primary is elected in 30 s.
    pub async fn restart_dead(&mut self) -> io::Result<()> {
        for sentinel in &mut self.sentinels {
            if !sentinel.answers() {
                sentinel.restart().await?;
            }
        }
        let primary = until("a primary that lives", async || {
            let primary = self.primary().await.map_err(|error| error.to_string());
            Ok(
                primary.and_then(|primary| match self.servers[primary].pid() {
                    Some(_) => Ok(self.servers[primary].address().unwrap_or_default()),
                    None => Err("the Sentinels have not noticed".into()),
                }),
            )
        })
        .await?;
        for server in self
            .servers
            .iter_mut()
            .filter(|server| server.pid().is_none())
        {
            server.restart_behind(&primary).await?;
        }
        Ok(())
    }

    /// Waits until the primary has two replicas that are up to date, and all Sentinels know all of them and each other.
    ///
    /// # Errors
    /// Where it is not so in 30 s.
    pub async fn healthy(&self) -> io::Result<()> {
        until("a primary with two replicas, known to all", async || {
            Ok(self.faults().await.map_err(|error| error.to_string()))
        })
        .await
    }

    /// Fails with the first thing that is not as it should be.
    async fn faults(&self) -> io::Result<()> {
        let primary = &self.servers[self.primary().await?];
        let mut connection = primary.connection().await?;
        let mut info = redis::cmd("INFO");
        let info: String = info
            .arg("replication")
            .query_async(&mut connection)
            .await
            .map_err(io::Error::other)?;
        if !info.contains("role:master") || info.matches("state=online").count() != SERVERS - 1 {
            return Err(io::Error::other(info));
        }
        for sentinel in &self.sentinels {
            let known: Words = sentinel.ask("MASTER").await?;
            let replicas: Vec<Words> = sentinel.ask("REPLICAS").await?;
            let is = |words: &Words, name: &str, value: &str| {
                words.get(name).is_some_and(|found| found == value)
            };
            let port = primary.port().unwrap_or_default().to_string();
            let others = (SENTINELS - 1).to_string();
            let follows = |replica: &Words| {
                is(replica, "flags", "slave")
                    && is(replica, "master-link-status", "ok")
                    && is(replica, "master-port", &port)
            };
            let is_well = is(&known, "flags", "master")
                && is(&known, "port", &port)
                && is(&known, "num-other-sentinels", &others)
                && replicas.len() == SERVERS - 1
                && replicas.iter().all(follows);
            if !is_well {
                return Err(io::Error::other(format!("{known:?} {replicas:?}")));
            }
        }
        Ok(())
    }
}
