//! The Redis that the instances of one machine run themselves if none is configured.
//!
//! Its data, socket and lock are in one folder. An instance that finds no server on the socket tries to take a file lock:
//! the one that gets it starts `redis-server` as a child and hands the lock over to it, and all others join. So the lock
//! is held exactly while a server works on the files, whatever becomes of its owner: if the owner is killed, the kernel,
//! through `setpriv`, ends the child; if the child is, the lock is free at once, even while the owner stands still. The next
//! instance that notices starts a server on the same files. The append-only file is synced before each answer, so
//! acknowledged writes survive if the owner, Redis or the machine is killed.

use super::ConfigError;
use super::TlsFiles;
use super::target::connection_info;
use rustix::process::{Pid, Signal, kill_process};
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::sync::oneshot;
use tracing::{info, warn};

/// A Unix socket's address holds 108 bytes, including the file name (unix(7)).
const FOLDER_MAX_BYTES: usize = 90;
/// The time limit for a server to load its files and answer.
const START_TIMEOUT: Duration = Duration::from_secs(30);
/// The time limit for a server to exit before it is killed.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);
/// The time limit for a running server to answer.
const ASK_TIMEOUT: Duration = Duration::from_secs(1);
/// The time between two checks of a starting server.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// This machine's own Redis, as seen by one instance.
pub(crate) struct Embedded {
    folder: PathBuf,
    child: Option<Child>,
}

/// A server that this instance started.
struct Child {
    stop: oneshot::Sender<()>,
    ended: oneshot::Receiver<()>,
}

impl Embedded {
    pub(crate) fn new(folder: &Path) -> Result<Self, ConfigError> {
        let unusable = |error| ConfigError::Folder(folder.into(), error);
        std::fs::create_dir_all(folder).map_err(unusable)?;
        let folder = folder.canonicalize().map_err(unusable)?;
        let length = folder.as_os_str().len();
        if length > FOLDER_MAX_BYTES {
            return Err(ConfigError::PathTooLong(length));
        }
        lock_file(&folder).map_err(unusable)?;
        Ok(Self {
            folder,
            child: None,
        })
    }

    /// The URL of a running server; starts one if nobody else does.
    pub(crate) async fn ensure(&mut self) -> io::Result<String> {
        // What answers, if anything does, is another's: this instance may have slept.
        if self.child.as_mut().is_some_and(Child::has_ended) {
            self.child = None;
        }
        let url = self.url();
        if !answers(&url).await {
            self.wait_for_answer(&url).await?;
        }
        Ok(url)
    }

    /// Starts a server unless one works on the files.
    async fn start_if_none(&mut self) -> io::Result<()> {
        let lock = lock_file(&self.folder)?;
        match lock.try_lock() {
            Ok(()) => self.child = Some(Child::start(&self.folder, lock).await?),
            // It may be loading them, or another instance is starting it.
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(error),
        }
        Ok(())
    }

    fn url(&self) -> String {
        let socket = self.folder.join("redis.sock").display().to_string();
        // The only characters that are special in a URL's path.
        let path = socket
            .replace('%', "%25")
            .replace('?', "%3F")
            .replace('#', "%23");
        format!("unix://{path}")
    }

    async fn wait_for_answer(&mut self, url: &str) -> io::Result<()> {
        let deadline = tokio::time::Instant::now() + START_TIMEOUT;
        while tokio::time::Instant::now() < deadline {
            if answers(url).await {
                return Ok(());
            }
            match &mut self.child {
                Some(child) => {
                    if child.has_ended() {
                        let log = self.folder.join("redis.log");
                        return Err(io::Error::other(format!(
                            "redis-server exited; see {}",
                            log.display()
                        )));
                    }
                }
                None => self.start_if_none().await?,
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Err(io::Error::new(
            io::ErrorKind::TimedOut,
            "redis-server does not answer",
        ))
    }

    /// Stops the server if this instance started it; others then start their own.
    pub(crate) async fn stop(self) {
        let Some(child) = self.child else {
            return;
        };
        // An error means that it has exited by itself.
        let _asked = child.stop.send(());
        if tokio::time::timeout(STOP_TIMEOUT * 2, child.ended)
            .await
            .is_err()
        {
            warn!("redis-server does not exit");
        }
    }
}

impl Child {
    /// Starts a server and a thread that waits for it.
    ///
    /// The kernel ends a child when the *thread* that started it ends (prctl(2), `PR_SET_PDEATHSIG`), so that thread must
    /// live as long as the child: it cannot be one of the runtime's.
    async fn start(folder: &Path, lock: File) -> io::Result<Self> {
        if which("redis-server").is_none() {
            let missing = "redis-server is not installed; install it, or set REDIS_URL";
            return Err(io::Error::new(io::ErrorKind::NotFound, missing));
        }
        let (stop, stopped) = oneshot::channel();
        let (end, ended) = oneshot::channel();
        let (start, started) = oneshot::channel();
        let folder = folder.to_path_buf();
        std::thread::Builder::new()
            .name("redis-server".into())
            .spawn(move || {
                // Before the match: the command has the lock as well, which is to be the child's alone.
                let spawned = command(&folder, lock).spawn();
                match spawned {
                    Ok(mut child) => {
                        info!(process.id = child.id(), "Started this machine's own Redis");
                        // The receiver waits for this message.
                        let _told = start.send(Ok(()));
                        wait(&mut child, stopped);
                    }
                    Err(error) => drop(start.send(Err(error))),
                }
                drop(end);
            })?;
        started.await.map_err(io::Error::other)??;
        Ok(Self { stop, ended })
    }

    fn has_ended(&mut self) -> bool {
        !matches!(
            self.ended.try_recv(),
            Err(oneshot::error::TryRecvError::Empty)
        )
    }
}

/// Waits until the server exits, by itself or on request.
fn wait(child: &mut std::process::Child, mut stopped: oneshot::Receiver<()>) {
    let mut asked = None;
    loop {
        match child.try_wait() {
            Ok(None) => {}
            Ok(Some(status)) => return info!(%status, "redis-server exited"),
            Err(error) => return warn!(%error, "Failed to wait for redis-server"),
        }
        let told = !matches!(stopped.try_recv(), Err(oneshot::error::TryRecvError::Empty));
        if told && asked.is_none() {
            asked = Some(std::time::Instant::now());
            // To this very process, which has not been reaped: another's server may be on the socket by now. It syncs its
            // files and exits.
            let _told = kill_process(Pid::from_child(child), Signal::TERM);
        }
        if asked.is_some_and(|at| at.elapsed() > STOP_TIMEOUT) {
            // Reaped by the next try_wait.
            let _killed = child.kill();
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

/// Opens the file whose lock says that a server works on the others.
fn lock_file(folder: &Path) -> io::Result<File> {
    File::create(folder.join("redis.lock"))
}

/// The server's command. It keeps the lock as its standard input, which it does not read, until it exits.
fn command(folder: &Path, lock: File) -> std::process::Command {
    let mut command = match which("setpriv") {
        Some(setpriv) => {
            let mut command = std::process::Command::new(setpriv);
            command.args(["--pdeathsig", "TERM", "redis-server"]);
            command
        }
        // Not available everywhere: then the server outlives a killed owner, and others keep using it.
        None => std::process::Command::new("redis-server"),
    };
    command
        .args("--port 0 --unixsocket redis.sock --unixsocketperm 700".split(' '))
        .args("--appendonly yes --appendfsync always".split(' '))
        .args("--logfile redis.log --daemonize no".split(' '))
        .args(["--save", "", "--dir"])
        .arg(folder)
        .current_dir(folder)
        .stdin(lock)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Finds a program on `PATH`.
fn which(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// Whether a server has loaded its files and answers.
async fn answers(url: &str) -> bool {
    matches!(
        tokio::time::timeout(ASK_TIMEOUT, look(url)).await,
        Ok(Some(_))
    )
}

/// Reads on a new connection; `None` if that fails. A server that is loading its files refuses, and one whose disk is full
/// does not, as it would a PING.
async fn look(url: &str) -> Option<u32> {
    let client = redis::Client::open(connection_info(url, &TlsFiles::default()).ok()?).ok()?;
    let mut connection = client.get_multiplexed_async_connection().await.ok()?;
    redis::cmd("EXISTS")
        .arg("")
        .query_async(&mut connection)
        .await
        .ok()
}
