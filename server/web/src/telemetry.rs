//! Logs, one line each on standard error.

use std::io::IsTerminal;
use tracing::{Level, Metadata};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Our own crates, which log no visitor's data at any level, begin so.
const OWN: &str = "murmuration_";

/// Starts logging at `info`, or as `RUST_LOG` says, but never what visitors say. The site's `own` crate logs no visitor's data
/// either.
pub fn start(own: &'static str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt::layer()
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    tracing_subscriber::registry()
        .with(filter)
        .with(filter_fn(move |metadata| is_free_of_secrets(metadata, own)))
        .with(lines)
        .init();
}

/// Whether events of that kind hold no visitor's data: libraries write down all that they read and send at `trace`, such as
/// the WebSocket library its frames, and some of it at `debug`.
fn is_free_of_secrets(metadata: &Metadata<'_>, own: &str) -> bool {
    let crate_name = metadata.target().split("::").next().unwrap_or_default();
    *metadata.level() <= Level::INFO || crate_name.starts_with(OWN) || crate_name == own
}
