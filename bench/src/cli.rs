//! The command line, and the settings that all figures share.

use crate::baseline::Baseline;
use crate::cluster::Kind;
use crate::faults::Fault;
use crate::peers::{Contestant, Part};
use anyhow::Context;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::env;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Measures Murmuration and prints Markdown tables.
#[derive(Debug, Parser)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub options: Options,
}

#[derive(Args, Debug)]
pub struct Options {
    /// The server binary [default: release/server in the target folder].
    #[arg(long, global = true)]
    server: Option<PathBuf>,
    /// The site that it serves [default: target/site].
    #[arg(long, global = true)]
    site: Option<PathBuf>,
    /// One short run instead of the median of five.
    #[arg(long, global = true)]
    quick: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    #[command(flatten)]
    Figure(Figure),
    /// The same page and clicks on Bun, `ws` and Socket.IO, by the same load in one run; needs Node and `npm`.
    Peers(Peers),
    /// Kills, pauses and cuts off instances and Redis at random, under load, and checks every promise.
    Faults(Faults),
    /// Serves a baseline that a figure is compared with; started by bench itself.
    #[command(hide = true)]
    Baseline {
        listen: SocketAddr,
        #[command(subcommand)]
        kind: Baseline,
    },
}

/// A figure to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
pub enum Figure {
    /// `GET /`: requests per second against bare axum, while the world changes, and with a slow Redis.
    FirstLoad,
    /// The cost of sending changes to many sessions, against a bare axum socket.
    FanOut,
    /// Acknowledged clicks per second through two instances, each counted exactly once.
    Clicks,
    /// Clicks on one Redis, on a primary that waits for its replica, and on a cluster of three.
    Replicas,
    /// Changes of documents per second, each counted exactly once, against a script by hand; latency; memory.
    Documents,
    /// The time from a click in one region to the frame in another.
    Latency,
    /// The memory of an idle session, against a bare axum socket.
    Memory,
    /// `GET /managers/find`: requests per second against bare axum.
    Dispatch,
    /// Parties per second through two instances; chat messages as parties grow; memory and discovery as their number does.
    Parties,
    /// Messages stored per second, against plain XADD; latency; a full mailbox; delivery to another cluster.
    Mail,
    /// Rounds of the draw as the number of players grows; `GET /api/max-two` against bare axum.
    Draw,
    /// What a first visit to each page downloads.
    Wasm,
    /// All figures.
    All,
}

/// What is held against what.
#[derive(Args, Debug)]
pub struct Peers {
    /// Only these servers, separated by commas.
    #[arg(long, value_enum, value_delimiter = ',')]
    pub only: Vec<Contestant>,
    /// Only these measurements, separated by commas.
    #[arg(long, value_enum, value_delimiter = ',')]
    pub part: Vec<Part>,
}

/// What fails, and for how long.
#[derive(Args, Debug)]
pub struct Faults {
    /// How long, in minutes, for all kinds of Redis together.
    #[arg(long, default_value_t = 5.0)]
    pub minutes: f64,
    /// Repeats the faults of an earlier run, which printed this number. The load is random all the same.
    #[arg(long)]
    pub seed: Option<u64>,
    /// Goes on until so many processes of each kind of Redis and its instances were killed.
    #[arg(long, default_value_t = 0)]
    pub kills: u32,
    /// Which Redis the instances use.
    #[arg(long, value_enum, default_value_t = Redis::All)]
    pub redis: Redis,
    /// Only this fault, again and again.
    #[arg(long, value_enum)]
    pub only: Option<Fault>,
}

/// Which Redis fails.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Redis {
    /// One server, on disk.
    Single,
    /// One server, in memory: when it is killed, it loses everything, which the checks have to find.
    Memory,
    /// A primary, two replicas and three Sentinels.
    Sentinel,
    /// Three primaries with a replica each.
    Cluster,
    /// One after the other, without the one in memory.
    All,
}

impl Redis {
    pub fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Single => &[Kind::Durable],
            Self::Memory => &[Kind::Memory],
            Self::Sentinel => &[Kind::Sentinels],
            Self::Cluster => &[Kind::Cluster],
            Self::All => &[Kind::Durable, Kind::Sentinels, Kind::Cluster],
        }
    }
}

/// Settings that all figures share.
#[derive(Debug)]
pub struct Settings {
    /// The release server.
    pub server: PathBuf,
    /// The site that it serves.
    pub site: PathBuf,
    /// The repository: the servers' working directory.
    pub root: PathBuf,
    /// Where builds put what they make.
    pub target: PathBuf,
    /// The number of runs; a figure is their median.
    pub runs: usize,
    /// The duration of one run.
    pub window: Duration,
    /// The duration of one run with a click per second.
    pub slow_window: Duration,
}

impl Options {
    /// Finds the server and the site.
    pub fn settings(&self) -> anyhow::Result<Settings> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let root = root.canonicalize()?;
        let target = env::var_os("CARGO_TARGET_DIR").unwrap_or("target".into());
        let target = root.join(target);
        let server = target.join("release/server");
        let site = root.join("target/site");
        let (runs, window_s, slow_s) = if self.quick { (1, 3, 8) } else { (5, 5, 12) };
        Ok(Settings {
            server: found(self.server.as_ref().unwrap_or(&server))?,
            site: found(self.site.as_ref().unwrap_or(&site))?,
            root,
            target,
            runs,
            window: Duration::from_secs(window_s),
            slow_window: Duration::from_secs(slow_s),
        })
    }
}

fn found(path: &Path) -> anyhow::Result<PathBuf> {
    path.canonicalize().with_context(|| {
        format!(
            "{} does not exist: run `scripts/build`, or pass --server and --site",
            path.display()
        )
    })
}
