//! A real `redis-server` in a temporary folder.

use super::RedisOptions;
use super::ports::{free_ports, on_free_ports};
use super::process::{Process, connect, socket, socket_url, until};
use redis::aio::MultiplexedConnection;
use std::io;
use std::path::Path;
use tempfile::TempDir;

/// The installed `redis-server`, in a folder of its own.
///
/// It is killed, and its files are removed, with this value.
#[derive(Debug)]
pub struct RedisServer {
    // Before the folder, so that it ends before its files are removed.
    process: Option<Process>,
    options: RedisOptions,
    /// The TCP port it listens on besides a Unix socket.
    port: Option<u16>,
    folder: TempDir,
}

impl RedisServer {
    /// Starts one that keeps everything in memory, and waits until it answers.
    ///
    /// # Errors
    /// Where `redis-server` is not installed or does not answer in 30 s; with the end of its log.
    pub async fn start() -> io::Result<Self> {
        Self::start_with(RedisOptions::default()).await
    }

    /// Starts one whose every acknowledged write survives [`RedisServer::kill`].
    ///
    /// # Errors
    /// As [`RedisServer::start`].
    pub async fn start_durable() -> io::Result<Self> {
        Self::start_with(RedisOptions::default().durable()).await
    }

    /// Starts one in memory that listens on a free port of 127.0.0.1, as most do in production.
    ///
    /// # Errors
    /// As [`RedisServer::start`].
    pub async fn start_tcp() -> io::Result<Self> {
        Self::start_with(RedisOptions::default().tcp()).await
    }

    /// Starts one as [`RedisServer::start_tcp`] does, but durable as [`RedisServer::start_durable`] is.
    ///
    /// # Errors
    /// As [`RedisServer::start`].
    pub async fn start_tcp_durable() -> io::Result<Self> {
        Self::start_with(RedisOptions::default().tcp().durable()).await
    }

    /// Starts one that is told all that.
    ///
    /// # Errors
    /// As [`RedisServer::start`].
    pub async fn start_with(options: RedisOptions) -> io::Result<Self> {
        on_free_ports(async || {
            let port = match options.is_tcp {
                true => free_ports(1)?.pop(),
                false => None,
            };
            let mut server = Self::prepare(options.clone(), port)?;
            server.restart().await?;
            Ok(server)
        })
        .await
    }

    /// One that is yet to be started.
    pub(super) fn prepare(options: RedisOptions, port: Option<u16>) -> io::Result<Self> {
        Ok(Self {
            process: None,
            options,
            port,
            folder: tempfile::Builder::new().prefix("redis-").tempdir()?,
        })
    }

    /// Its URL, the same after [`RedisServer::restart`]; with the password if it asks for one.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_of("", self.password().unwrap_or_default())
    }

    /// The URL with that user and password, either of which may be empty.
    #[must_use]
    pub fn url_of(&self, user: &str, password: &str) -> String {
        let Some(address) = self.address() else {
            return self.socket_url_of(user, password);
        };
        let scheme = match self.options.tls {
            Some(_) => "rediss",
            None => "redis",
        };
        match (user, password) {
            ("", "") => format!("{scheme}://{address}"),
            _ => format!("{scheme}://{user}:{password}@{address}"),
        }
    }

    /// `127.0.0.1:PORT`, where it has a port.
    #[must_use]
    pub fn address(&self) -> Option<String> {
        self.port.map(|port| format!("127.0.0.1:{port}"))
    }

    /// The process, while it runs.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.process.as_ref().map(Process::pid)
    }

    /// Whether it runs and is not frozen.
    #[must_use]
    pub fn answers(&self) -> bool {
        let process = self.process.as_ref();
        process.is_some_and(|process| !process.is_frozen)
    }

    /// Opens a connection to look at what it holds.
    ///
    /// # Errors
    /// Where it does not run.
    pub async fn connection(&self) -> io::Result<MultiplexedConnection> {
        let password = self.password().unwrap_or_default();
        connect(&self.socket_url_of("", password)).await
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
        self.process
            .take()
            .map_or(Ok(()), |mut process| process.kill())
    }

    /// Cuts the last transaction in its append-only file short, as a crash in the middle of writing it does. For one that is
    /// durable and does not run.
    ///
    /// # Errors
    /// Where there is none.
    pub fn cut_log(&self) -> io::Result<()> {
        const END: &[u8] = b"EXEC\r\n";
        let name = "appendonly.aof.1.incr.aof";
        let log = self.folder().join("appendonlydir").join(name);
        let written = std::fs::read(&log)?;
        let last = written.windows(END.len()).rposition(|part| part == END);
        let last = last.ok_or_else(|| io::Error::other("no transaction is in the log"))?;
        let log = std::fs::File::options().write(true).open(log)?;
        log.set_len((last + END.len() / 2) as u64)
    }

    /// Lets it stand still (SIGSTOP): its connections stay open, and it answers nothing.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn freeze(&mut self) -> io::Result<()> {
        self.process.as_mut().map_or(Ok(()), Process::freeze)
    }

    /// Lets it go on where it stood.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn thaw(&mut self) -> io::Result<()> {
        self.process.as_mut().map_or(Ok(()), Process::thaw)
    }

    /// Shuts it down in good order and waits for its end. Its files stay.
    ///
    /// # Errors
    /// Where it does not end in 30 s.
    pub async fn stop(&mut self) -> io::Result<()> {
        match self.process.take() {
            Some(process) => process.stop().await,
            None => Ok(()),
        }
    }

    /// Starts it again on the same address and the same files, after a stop if it still runs.
    ///
    /// One that was started in memory comes back empty.
    ///
    /// # Errors
    /// As [`RedisServer::start`] and [`RedisServer::stop`].
    pub async fn restart(&mut self) -> io::Result<()> {
        self.stop().await?;
        let mut arguments = self.options.arguments(self.port);
        arguments.extend(["--unixsocket".into(), socket(self.folder()).into()]);
        arguments.extend(["--dir".into(), self.folder().into()]);
        self.process = Some(Process::start(self.folder(), arguments).await?);
        Ok(())
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn port(&self) -> Option<u16> {
        self.port
    }

    /// The default user's.
    pub(super) fn password(&self) -> Option<&str> {
        self.options.password.as_deref()
    }

    /// Starts it again as a replica of that one. It comes back empty: no Sentinel may promote it before it has what that one
    /// has, as one does that takes the other replica of a busy machine for dead.
    pub(super) async fn restart_behind(&mut self, address: &str) -> io::Result<()> {
        let (priority, never, usual) = ("replica-priority", "0", "100");
        let options = self.options.clone().replica_at(address);
        self.options = options.clone().setting(priority, never);
        self.restart().await?;
        self.options = options.setting(priority, usual);
        let mut connection = self.connection().await?;
        until("a replica that is up to date", async || {
            let mut info = redis::cmd("INFO");
            let info = info.arg("replication").query_async(&mut connection).await;
            let info: String = info.map_err(io::Error::other)?;
            Ok(match info.contains("master_link_status:up") {
                true => Ok(()),
                false => Err(info),
            })
        })
        .await?;
        let mut electable = redis::cmd("CONFIG");
        electable.arg(&["SET", priority, usual]);
        let electable = electable.exec_async(&mut connection).await;
        electable.map_err(io::Error::other)
    }

    /// What it is told.
    pub(super) fn options(&self) -> &RedisOptions {
        &self.options
    }

    fn socket_url_of(&self, user: &str, password: &str) -> String {
        let url = socket_url(self.folder());
        match (user, password) {
            ("", "") => url,
            ("", password) => format!("{url}?pass={password}"),
            (user, password) => format!("{url}?user={user}&pass={password}"),
        }
    }
}
