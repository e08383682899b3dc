//! One Sentinel.

use crate::testing::RedisServer;
use crate::testing::redis::process::{Process, connect, socket, socket_url};
use redis::FromRedisValue;
use redis::aio::MultiplexedConnection;
use std::io;
use tempfile::TempDir;

/// What Sentinels call the primary.
pub(super) const SERVICE: &str = "main";

/// One Sentinel, killed and its files removed with this value.
#[derive(Debug)]
pub(super) struct Sentinel {
    // Before the folder, so that it ends before its files are removed.
    process: Option<Process>,
    pub(super) port: u16,
    folder: TempDir,
}

impl Sentinel {
    /// Starts one on that port that watches that primary.
    pub(super) async fn start(port: u16, primary: &RedisServer) -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("sentinel-").tempdir()?;
        let options = primary.options();
        let (plain, tls) = match options.tls {
            Some(_) => (0, port),
            None => (port, 0),
        };
        let socket = socket(folder.path());
        let address = primary.address().unwrap_or_default().replacen(':', " ", 1);
        let login = primary.password();
        let login = login.map(|password| format!("sentinel auth-pass {SERVICE} {password}\n"));
        let conf = format!(
            "bind 127.0.0.1\nport {plain}\ntls-port {tls}\n{}unixsocket {}\ndir {}\n\
             sentinel monitor {SERVICE} {address} 2\n{}\
             sentinel down-after-milliseconds {SERVICE} 500\n\
             sentinel failover-timeout {SERVICE} 2000\n\
             sentinel parallel-syncs {SERVICE} 2\n",
            options.lines("tls-"),
            socket.display(),
            folder.path().display(),
            login.unwrap_or_default(),
        );
        std::fs::write(folder.path().join("sentinel.conf"), conf)?;
        let mut sentinel = Self {
            process: None,
            port,
            folder,
        };
        sentinel.restart().await?;
        Ok(sentinel)
    }

    /// Starts it with what it knew when it ended.
    pub(super) async fn restart(&mut self) -> io::Result<()> {
        self.kill()?;
        let folder = self.folder.path();
        let conf = folder.join("sentinel.conf");
        self.process = Some(Process::start(folder, vec![conf.into(), "--sentinel".into()]).await?);
        // They look and tell each other every few seconds else; and after a pause of two seconds, which a busy machine makes
        // at times, they would do nothing for half a minute.
        let mut hurry = redis::cmd("SENTINEL");
        hurry.arg("DEBUG");
        hurry.arg(&[
            "info-period",
            "100",
            "ask-period",
            "100",
            "tilt-trigger",
            "30000",
        ]);
        // While a primary is down, they look at its replicas once a second. Five times this period, they take what they saw
        // for new enough to promote one.
        hurry.arg(&["ping-period", "300"]);
        // Four times this period, they let be who has just been promoted: it takes the one who did it a second to see that
        // and tell the others.
        hurry.arg(&["publish-period", "400"]);
        let hurried = hurry.exec_async(&mut self.connection().await?).await;
        hurried.map_err(io::Error::other)
    }

    /// Asks something about what it watches.
    pub(super) async fn ask<T: FromRedisValue>(&self, what: &str) -> io::Result<T> {
        let mut command = redis::cmd("SENTINEL");
        command.arg(what).arg(SERVICE);
        let answer = command.query_async(&mut self.connection().await?).await;
        answer.map_err(io::Error::other)
    }

    pub(super) fn answers(&self) -> bool {
        self.process.is_some()
    }

    pub(super) fn kill(&mut self) -> io::Result<()> {
        self.process
            .take()
            .map_or(Ok(()), |mut process| process.kill())
    }

    async fn connection(&self) -> io::Result<MultiplexedConnection> {
        connect(&socket_url(self.folder.path())).await
    }
}
