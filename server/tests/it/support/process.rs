//! One server as a process.

use super::{DEADLINE, PLAYERS, Tab, client, eventually};
use edge::testing::RedisServer;
use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// How often a start is tried, should others take the port that was just free.
const PORTS_TRIED: usize = 10;

/// What a server is told: environment variables, beyond which it knows none.
#[derive(Clone)]
pub struct Setup(Vec<(String, String)>);

impl Setup {
    /// A server of that region over that Redis.
    pub fn new(region: &str, redis: &RedisServer) -> Self {
        Self::bare()
            .with("FLY_REGION", region)
            .with("REDIS_URL", &redis.url())
    }

    /// A server that keeps its own Redis in that folder.
    pub fn embedded(region: &str, folder: &Path) -> Self {
        Self::bare()
            .with("FLY_REGION", region)
            .with("DATA_DIR", folder.to_str().unwrap())
    }

    /// A server that is told nothing but to log a lot, to the end that secrets would show, to draw of few, to take much
    /// mail of anybody, and to wait for Redis as long as the usual beats allow: a busy machine stands still at times.
    pub fn bare() -> Self {
        Self(Vec::new())
            .with("RUST_LOG", "debug")
            .with("REDIS_PREFIX", "test:")
            .with("REDIS_TIMEOUT_MS", "3900")
            .with("MAIL_TO_PER_MINUTE", "1000000")
            .with("MAIL_UNVERIFIED_PER_MINUTE", "1000000")
            .with("MAIL_UNVERIFIED_PER_NETWORK", "1000000")
            .with("DRAW_PLAYERS", &PLAYERS.to_string())
    }

    /// The same with one more variable.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.into(), value.into()));
        self
    }

    /// The same with so much time for Redis that none of its delays looks like an end.
    pub fn patient(self) -> Self {
        self.with("REDIS_TIMEOUT_MS", "30000")
            .with("BEAT_LIMIT_MS", "60000")
    }

    /// Starts it and waits until it is ready and registered.
    pub async fn start(&self) -> Server {
        let server = self.start_unready().await;
        eventually("readiness", async || server.is_ok("/readyz").await).await;
        eventually("a registered instance", async || {
            server.log().contains("Registered") && server.report().await.instances() > 0
        })
        .await;
        server
    }

    /// Starts it and waits until it answers.
    pub async fn start_unready(&self) -> Server {
        for _ in 0..PORTS_TRIED {
            let address = free_address();
            let folder = tempfile::Builder::new().prefix("it-").tempdir().unwrap();
            let setup = self.clone().with("LEPTOS_SITE_ADDR", &address.to_string());
            let child = setup.spawn(&folder);
            let mut server = Server {
                address,
                child,
                folder,
            };
            if server.comes_up().await {
                return server;
            }
        }
        panic!("no port was free {PORTS_TRIED} times");
    }

    /// Runs a server that is to end by itself.
    pub async fn run(&self) -> Ended {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Dying(self.spawn(&folder));
        let status = ended(&mut child.0, DEADLINE)
            .await
            .expect("the server goes on");
        Ended {
            status,
            log: log_in(&folder),
        }
    }

    fn spawn(&self, folder: &TempDir) -> Child {
        Command::new(env!("CARGO_BIN_EXE_server"))
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .envs(self.0.iter().map(|(name, value)| (name, value)))
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(folder.path().join("log")).unwrap())
            .spawn()
            .unwrap()
    }
}

/// How a server ended.
pub struct Ended {
    pub status: ExitStatus,
    /// All that it wrote on standard error.
    pub log: String,
}

/// A running server. Killed when dropped, which fails the test where the server ever panicked.
pub struct Server {
    pub address: SocketAddr,
    child: Child,
    folder: TempDir,
}

impl Server {
    /// Starts one of that region over that Redis.
    pub async fn start(region: &str, redis: &RedisServer) -> Self {
        Setup::new(region, redis).start().await
    }

    /// Waits until it has learned the key of the cookies, which it does on its own.
    pub async fn knows_its_key(&self) {
        let origin = self.origin();
        eventually("the key of the cookies", async || {
            Tab::knock(self, &[("origin", &origin)]).await.is_ok()
        })
        .await;
    }

    /// Its address for visitors.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What a page of its own sends as `Origin`.
    pub fn origin(&self) -> String {
        self.url("")
    }

    /// All that it wrote on standard error so far.
    pub fn log(&self) -> String {
        log_in(&self.folder)
    }

    /// Its name among the instances.
    pub fn instance(&self) -> String {
        let log = self.log();
        let (_, rest) = log.split_once("Registered instance.id=\"").unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Kills it as a power cut would.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end (SIGTERM).
    pub fn terminate(&self) {
        let pid = self.pid().to_string();
        let status = Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        assert!(status.success());
    }

    /// Waits until it has ended by itself, and returns how.
    pub async fn ended_within(&mut self, limit: Duration) -> ExitStatus {
        let status = ended(&mut self.child, limit).await;
        status.unwrap_or_else(|| panic!("still runs after {limit:?}: {}", self.log()))
    }

    async fn is_ok(&self, path: &str) -> bool {
        let answer = client().get(self.url(path)).send().await;
        answer.is_ok_and(|answer| answer.status() == 200)
    }

    /// `false` where somebody else took the port.
    async fn comes_up(&mut self) -> bool {
        let wait = async {
            loop {
                if let Some(status) = self.child.try_wait().unwrap() {
                    let log = self.log();
                    assert!(log.contains("in use"), "ended with {status}: {log}");
                    return false;
                }
                // Its own log: whoever else took the port would answer as well.
                if self.log().contains("Listening for") && self.is_ok("/healthz").await {
                    return true;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let up = tokio::time::timeout(DEADLINE, wait).await;
        up.unwrap_or_else(|_| panic!("never answers: {}", self.log()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended before.
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
        if !std::thread::panicking() {
            let log = self.log();
            assert!(!log.contains("panicked"), "the server panicked: {log}");
        }
    }
}

/// Killed when dropped.
struct Dying(Child);

impl Drop for Dying {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _reaped = self.0.wait();
    }
}

async fn ended(child: &mut Child, limit: Duration) -> Option<ExitStatus> {
    let wait = async {
        loop {
            if let Some(status) = child.try_wait().unwrap() {
                return status;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(limit, wait).await.ok()
}

fn log_in(folder: &TempDir) -> String {
    let log = std::fs::read(folder.path().join("log")).unwrap();
    String::from_utf8_lossy(&log).into_owned()
}

fn free_address() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap()
}
