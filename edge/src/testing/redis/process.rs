//! One process of `redis-server`, whatever it is told to be.

use crate::testing::upstream::Upstream;
use redis::AsyncConnectionConfig;
use redis::aio::MultiplexedConnection;
use rustix::process::{Pid, Signal, kill_process};
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, sleep};

/// How long a start, with loading its files, a stop, or an answer may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);
/// How often to look whether it has come to pass.
const POLL: Duration = Duration::from_millis(5);

/// The same of what several servers have to agree on.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// A running `redis-server`, killed with this value or with the process that started it.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    folder: PathBuf,
    pub(super) is_frozen: bool,
    /// Ends the thread that started the child, when dropped.
    _starter: mpsc::Sender<()>,
}

impl Process {
    /// Starts one that works in that folder, and waits until it answers on the socket there.
    ///
    /// # Errors
    /// Where `redis-server` is not installed or does not answer in 30 s; with the end of its log.
    pub(super) async fn start(folder: &Path, arguments: Vec<OsString>) -> io::Result<Self> {
        let log = File::options()
            .create(true)
            .append(true)
            .open(folder.join("redis.log"))?;
        let (starter, ended) = mpsc::channel();
        let (tell, told) = tokio::sync::oneshot::channel();
        // The kernel ends a child when the *thread* that started it ends (prctl(2), `PR_SET_PDEATHSIG`): a runtime's may
        // end before.
        std::thread::Builder::new()
            .name("redis-server".into())
            .spawn(move || {
                // The receiver waits for this message.
                let _told = tell.send(spawn(&arguments, &log));
                let _ended = ended.recv();
            })?;
        let mut process = Self {
            child: told.await.map_err(io::Error::other)??,
            folder: folder.into(),
            is_frozen: false,
            _starter: starter,
        };
        process.wait_until_ready().await?;
        Ok(process)
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Shuts it down in good order and waits for its end.
    ///
    /// # Errors
    /// Where it does not end in 30 s.
    pub(super) async fn stop(mut self) -> io::Result<()> {
        self.thaw()?;
        self.signal(Signal::TERM)?;
        let deadline = Instant::now() + PATIENCE;
        while self.child.try_wait()?.is_none() {
            if Instant::now() > deadline {
                let slow = "redis-server does not stop";
                return Err(io::Error::new(io::ErrorKind::TimedOut, slow));
            }
            sleep(POLL).await;
        }
        Ok(())
    }

    /// Kills it and waits for its end.
    pub(super) fn kill(&mut self) -> io::Result<()> {
        self.child.kill()?;
        self.child.wait().map(drop)
    }

    /// Lets it stand still (SIGSTOP): connections stay open, nothing is answered.
    pub(super) fn freeze(&mut self) -> io::Result<()> {
        self.signal(Signal::STOP)?;
        self.is_frozen = true;
        Ok(())
    }

    /// Lets it go on.
    pub(super) fn thaw(&mut self) -> io::Result<()> {
        self.signal(Signal::CONT)?;
        self.is_frozen = false;
        Ok(())
    }

    /// Has not been waited for, so it is no other's process by now.
    fn signal(&self, signal: Signal) -> io::Result<()> {
        Ok(kill_process(Pid::from_child(&self.child), signal)?)
    }

    async fn wait_until_ready(&mut self) -> io::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if self.child.try_wait()?.is_some() || Instant::now() > deadline {
                return Err(io::Error::other(format!(
                    "redis-server does not start: {}",
                    self.last_words()
                )));
            }
            let answer = answer(&self.folder).await;
            // One that asks for a password is there, too.
            if answer.is_ok_and(|reply| [*b"+PONG", *b"-NOAU"].contains(&reply)) {
                return Ok(());
            }
            sleep(POLL).await;
        }
    }

    /// The last lines of its log.
    fn last_words(&self) -> String {
        let log = std::fs::read_to_string(self.folder.join("redis.log")).unwrap_or_default();
        log.lines().rev().take(4).collect::<Vec<_>>().join(" / ")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // There is nobody left to tell, and it may have ended by itself.
        let _killed = self.kill();
    }
}

/// The URL of the socket in that folder. It is there also where the server has a port: who answers is this one, and no
/// stranger who took the port.
pub(super) fn socket_url(folder: &Path) -> String {
    format!("redis+unix://{}", socket(folder).display())
}

/// Where a server in that folder listens.
pub(super) fn socket(folder: &Path) -> PathBuf {
    folder.join("redis.sock")
}

/// Asks again until that is so.
///
/// # Errors
/// Those of the question; and where it is not so after 30 s, with what was the case then.
pub(super) async fn until<T>(
    what: &str,
    mut ask: impl AsyncFnMut() -> io::Result<Result<T, String>>,
) -> io::Result<T> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match ask().await? {
            Ok(answer) => return Ok(answer),
            Err(now) if Instant::now() > deadline => {
                let late = format!("never came: {what}; {now}");
                return Err(io::Error::new(io::ErrorKind::TimedOut, late));
            }
            Err(_) => sleep(LOOK_EVERY).await,
        }
    }
}

/// Opens a connection that is as patient as a busy machine needs.
pub(super) async fn connect(url: &str) -> io::Result<MultiplexedConnection> {
    let client = redis::Client::open(url).map_err(io::Error::other)?;
    // Half a second would be the default: a busy machine, or its disk, takes that at times.
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(PATIENCE))
        .set_response_timeout(Some(PATIENCE));
    client
        .get_multiplexed_async_connection_with_config(&config)
        .await
        .map_err(io::Error::other)
}

fn spawn(arguments: &[OsString], log: &File) -> io::Result<Child> {
    let run = |program: &str, before: &[&str]| {
        Command::new(program)
            .args(before.iter().map(OsStr::new))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log.try_clone()?)
            .spawn()
    };
    match run("setpriv", &["--pdeathsig", "KILL", "redis-server"]) {
        // Not available everywhere: then it outlives a test that is killed.
        Err(error) if error.kind() == io::ErrorKind::NotFound => run("redis-server", &[]),
        outcome => outcome,
    }
}

/// The first five bytes of the answer to a PING.
async fn answer(folder: &Path) -> io::Result<[u8; 5]> {
    let mut stream = Upstream::Unix(socket(folder)).connect().await?;
    stream.write_all(b"PING\r\n").await?;
    let mut reply = [0; 5];
    stream.read_exact(&mut reply).await?;
    Ok(reply)
}
