//! The command line.

use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Measures Murmuration and prints tables.
#[derive(Debug, Parser)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// How to do it.
    #[command(flatten)]
    pub options: Options,
}

/// How to measure.
#[derive(Args, Debug)]
pub struct Options {
    /// The release server [default: release/server in the target folder].
    #[arg(long, global = true)]
    pub server: Option<PathBuf>,
    /// The site that it serves [default: target/site].
    #[arg(long, global = true)]
    pub site: Option<PathBuf>,
    /// One short run instead of the median of five.
    #[arg(long, global = true)]
    pub quick: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// A figure to measure.
    #[command(flatten)]
    Figure(Figure),
    /// Serves what a figure is compared with; the bench starts it itself.
    #[command(hide = true)]
    Baseline {
        /// Which.
        #[command(subcommand)]
        kind: Baseline,
    },
}

/// A figure to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
pub enum Figure {
    /// Requests a second of `GET /`, against bare axum; with the world changing; with a slow Redis.
    FirstLoad,
    /// What it costs to bring changes to many sessions, against a bare axum socket.
    FanOut,
    /// Acknowledged clicks a second through two instances, each counted exactly once.
    Clicks,
    /// From a click in one region to the frame in the other.
    Latency,
    /// Memory of an idle session.
    Memory,
    /// Requests a second of `GET /managers/find`, against bare axum.
    Dispatch,
    /// Rounds of a party a second through two instances; memory and discovery as parties grow in number.
    Parties,
    /// Messages stored a second with durability on, against plain XADD; to another cluster; to the recipient's page.
    Mail,
    /// From the start of a round to all regions answering from it, against PostgreSQL's UPDATE and ZADD; as players grow
    /// in number; `GET /api/max-two` against bare axum; clicks during rounds. Needs PostgreSQL: apt-get install postgresql.
    Draw,
    /// What a first visit downloads.
    Wasm,
    /// All of them.
    All,
}

/// What a figure is compared with.
#[derive(Debug, Subcommand)]
pub enum Baseline {
    /// A bare axum handler that sends the same bytes.
    Http {
        /// Where to listen.
        #[arg(long)]
        listen: SocketAddr,
        /// A file of headers, one `name: value` a line.
        #[arg(long)]
        headers: PathBuf,
        /// A file of the body.
        #[arg(long)]
        body: PathBuf,
    },
    /// A bare axum WebSocket that writes the same bytes to all sessions.
    Socket {
        /// Where to listen.
        #[arg(long)]
        listen: SocketAddr,
        /// A file of one frame's text.
        #[arg(long)]
        frame: PathBuf,
        /// How often to write it; 0 is once, at the start.
        #[arg(long)]
        per_second: f64,
    },
}
