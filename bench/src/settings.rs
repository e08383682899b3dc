//! Settings that all figures share.

use crate::cli::Options;
use anyhow::{Context, ensure};
use std::env;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Settings that all figures share.
#[derive(Debug)]
pub struct Settings {
    /// The release server.
    pub server: PathBuf,
    /// The site that it serves.
    pub site: PathBuf,
    /// The repository: the servers' working directory.
    pub root: PathBuf,
    /// The number of runs; a figure is their median.
    pub runs: usize,
    /// The duration of one run.
    pub window: Duration,
    /// The duration of one run with a click per second.
    pub slow_window: Duration,
    /// Whether there are two cores: one for the servers and one for the load.
    pub pinned: bool,
}

impl Settings {
    /// Finds the server and the site.
    pub fn from_cli(options: &Options) -> anyhow::Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("..")
            .canonicalize()?;
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
        let server = options
            .server
            .clone()
            .unwrap_or_else(|| root.join(&target).join("release/server"));
        let site = options
            .site
            .clone()
            .unwrap_or_else(|| root.join("target/site"));
        let found = |path: &Path| path.canonicalize().with_context(|| missing(path));
        let (runs, window_s, slow_s) = if options.quick { (1, 3, 8) } else { (5, 5, 12) };
        ensure!(
            cfg!(target_os = "linux"),
            "bench needs Linux: it reads /proc and pins processes with taskset"
        );
        Ok(Self {
            server: found(&server)?,
            site: found(&site)?,
            root,
            runs,
            window: Duration::from_secs(window_s),
            slow_window: Duration::from_secs(slow_s),
            pinned: std::thread::available_parallelism()?.get() >= 2,
        })
    }
}

fn missing(path: &Path) -> String {
    format!(
        "{} does not exist: run `cargo leptos build --release --precompress --split --lib-features split`, or pass --server and --site",
        path.display()
    )
}
