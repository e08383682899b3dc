//! Logs, one line each on standard error.

use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// Starts logging at `info`, or as `RUST_LOG` says.
pub(crate) fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
}
