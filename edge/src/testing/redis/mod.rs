//! A real `redis-server` in a temporary folder.

use super::upstream::Upstream;
use redis::AsyncConnectionConfig;
use redis::aio::MultiplexedConnection;
use std::fs::File;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, sleep};

/// How long a start, with loading its files, a stop, or an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a start is tried, should others take the port that was just free.
const PORTS_TRIED: usize = 10;
/// How often to look whether it has come to pass.
const POLL: Duration = Duration::from_millis(5);

/// The installed `redis-server`, on a Unix socket in a folder of its own.
///
/// It is killed, and its files are removed, with this value.
#[derive(Debug)]
pub struct RedisServer {
    folder: TempDir,
    storage: Storage,
    /// The TCP port it listens on instead of a Unix socket.
    port: Option<u16>,
    child: Option<Child>,
}

#[derive(Clone, Copy, Debug)]
enum Storage {
    Memory,
    /// Every write is on disk before it is answered.
    Durable,
}

impl RedisServer {
    /// Starts one that keeps everything in memory, and waits until it answers.
    ///
    /// # Errors
    /// Where `redis-server` is not installed or does not answer in 30 s; with the end of its log.
    pub async fn start() -> io::Result<Self> {
        Self::launch(Storage::Memory, None).await
    }

    /// Starts one whose every acknowledged write survives [`RedisServer::kill`].
    ///
    /// # Errors
    /// As [`RedisServer::start`].
    pub async fn start_durable() -> io::Result<Self> {
        Self::launch(Storage::Durable, None).await
    }

    /// Starts one in memory that listens on a free port of 127.0.0.1, as most do in production.
    ///
    /// # Errors
    /// As [`RedisServer::start`].
    pub async fn start_tcp() -> io::Result<Self> {
        Self::launch_tcp(Storage::Memory).await
    }

    /// Starts one as [`RedisServer::start_tcp`] does, but durable as [`RedisServer::start_durable`] is.
    ///
    /// # Errors
    /// As [`RedisServer::start`].
    pub async fn start_tcp_durable() -> io::Result<Self> {
        Self::launch_tcp(Storage::Durable).await
    }

    async fn launch_tcp(storage: Storage) -> io::Result<Self> {
        let mut tries = 1;
        loop {
            let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
                .local_addr()?
                .port();
            match Self::launch(storage, Some(port)).await {
                Err(error) if tries < PORTS_TRIED && error.to_string().contains("in use") => {
                    tries += 1;
                }
                outcome => return outcome,
            }
        }
    }

    /// Its URL, the same after [`RedisServer::restart`].
    #[must_use]
    pub fn url(&self) -> String {
        match self.port {
            Some(port) => format!("redis://127.0.0.1:{port}"),
            None => format!("redis+unix://{}/redis.sock", self.folder.path().display()),
        }
    }

    /// The process, while it runs.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// Opens a connection to look at what it holds.
    ///
    /// # Errors
    /// Where it does not run.
    pub async fn connection(&self) -> io::Result<MultiplexedConnection> {
        let client = redis::Client::open(self.url()).map_err(io::Error::other)?;
        // Half a second would be the default: a busy machine, or its disk, takes that at times.
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE));
        client
            .get_multiplexed_async_connection_with_config(&config)
            .await
            .map_err(io::Error::other)
    }

    /// Every key and value that it holds at one moment, as text, a line each.
    ///
    /// # Errors
    /// Where it does not run, or holds what is neither a string, hash, set, sorted set, list nor stream.
    pub async fn dump(&self) -> io::Result<String> {
        let script = redis::Script::new(include_str!("dump.lua"));
        let dump: Vec<u8> = script
            .invoke_async(&mut self.connection().await?)
            .await
            .map_err(io::Error::other)?;
        Ok(String::from_utf8_lossy(&dump).into_owned())
    }

    /// Kills it (SIGKILL) and waits for its end. Its files stay.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn kill(&mut self) -> io::Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Shuts it down in good order and waits for its end. Its files stay.
    ///
    /// # Errors
    /// Where it does not end in 30 s.
    pub async fn stop(&mut self) -> io::Result<()> {
        let Some(child) = &mut self.child else {
            return Ok(());
        };
        // The answer to a successful shutdown is the end of the connection.
        let _closed = Self::ask(&self.folder, "SHUTDOWN NOSAVE\r\n").await;
        let deadline = Instant::now() + PATIENCE;
        while child.try_wait()?.is_none() {
            if Instant::now() > deadline {
                return Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    "redis-server does not stop",
                ));
            }
            sleep(POLL).await;
        }
        self.child = None;
        Ok(())
    }

    /// Starts it again on the same address and the same files, after a stop if it still runs.
    ///
    /// One that was started in memory comes back empty.
    ///
    /// # Errors
    /// As [`RedisServer::start`] and [`RedisServer::stop`].
    pub async fn restart(&mut self) -> io::Result<()> {
        self.stop().await?;
        self.child = Some(self.command()?.spawn()?);
        self.wait_until_ready().await
    }

    async fn launch(storage: Storage, port: Option<u16>) -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("redis-").tempdir()?;
        let mut server = Self {
            folder,
            storage,
            port,
            child: None,
        };
        server.restart().await?;
        Ok(server)
    }

    fn command(&self) -> io::Result<Command> {
        let mut command = Command::new("redis-server");
        match self.port {
            Some(port) => command.args(["--bind", "127.0.0.1", "--port", &port.to_string()]),
            None => command.args(["--port", "0"]),
        };
        // Also where it has a port: who answers here is this one, and no stranger who took the port.
        command
            .arg("--unixsocket")
            .arg(self.folder.path().join("redis.sock"));
        match self.storage {
            Storage::Memory => command.args(["--appendonly", "no"]),
            Storage::Durable => command.args(["--appendonly", "yes", "--appendfsync", "always"]),
        };
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.folder.path().join("redis.log"))?;
        command
            .args(["--save", "", "--maxclients", "1000", "--dir"])
            .arg(self.folder.path());
        command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        Ok(command)
    }

    async fn wait_until_ready(&mut self) -> io::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let ended = self
                .child
                .as_mut()
                .map(Child::try_wait)
                .transpose()?
                .flatten();
            if ended.is_some() || Instant::now() > deadline {
                return Err(io::Error::other(format!(
                    "redis-server does not start: {}",
                    self.last_words()
                )));
            }
            if Self::ask(&self.folder, "PING\r\n")
                .await
                .is_ok_and(|reply| reply == *b"+PONG")
            {
                return Ok(());
            }
            sleep(POLL).await;
        }
    }

    /// The first five bytes of its answer to one inline command.
    async fn ask(folder: &TempDir, command: &str) -> io::Result<[u8; 5]> {
        let socket = Upstream::Unix(folder.path().join("redis.sock"));
        let mut stream = socket.connect().await?;
        stream.write_all(command.as_bytes()).await?;
        let mut reply = [0; 5];
        stream.read_exact(&mut reply).await?;
        Ok(reply)
    }

    /// The last lines of its log.
    fn last_words(&self) -> String {
        let log = std::fs::read_to_string(self.folder.path().join("redis.log")).unwrap_or_default();
        log.lines().rev().take(4).collect::<Vec<_>>().join(" / ")
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        // There is nobody left to tell, and the process may have ended by itself.
        let _ended = self.kill();
    }
}

#[cfg(test)]
mod tests;
