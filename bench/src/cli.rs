//! The command line.

use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Measures Murmuration and prints Markdown tables.
#[derive(Debug, Parser)]
pub struct Cli {
    /// What to measure.
    #[command(subcommand)]
    pub command: Command,
    /// How to measure.
    #[command(flatten)]
    pub options: Options,
}

/// How to measure.
#[derive(Args, Debug)]
pub struct Options {
    /// The server binary [default: release/server in the target folder].
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
    /// Measures a figure.
    #[command(flatten)]
    Figure(Figure),
    /// Serves a baseline that a figure is compared with; started by bench itself.
    #[command(hide = true)]
    Baseline {
        /// Which baseline.
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
    /// The time from a click in one region to the frame in another.
    Latency,
    /// The memory of an idle session, against a bare axum socket.
    Memory,
    /// `GET /managers/find`: requests per second against bare axum.
    Dispatch,
    /// Parties per second through two instances; memory and discovery as their number grows.
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

/// A baseline that figures are compared with.
#[derive(Debug, Subcommand)]
pub enum Baseline {
    /// A bare axum handler that sends the same bytes as a server.
    Http {
        /// Where to listen.
        #[arg(long)]
        listen: SocketAddr,
        /// The server whose answer it sends.
        #[arg(long)]
        source: SocketAddr,
        /// The path of the answer.
        #[arg(long)]
        path: String,
        /// The encodings to request.
        #[arg(long)]
        accept_encoding: String,
    },
    /// A bare axum WebSocket that writes the same bytes to all sessions.
    Socket {
        /// Where to listen.
        #[arg(long)]
        listen: SocketAddr,
        /// The frame's text.
        #[arg(long)]
        frame: String,
        /// How often to write it; 0 means once, at the start.
        #[arg(long)]
        per_second: f64,
    },
}
