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
        ensure!(
            cfg!(target_os = "linux"),
            "bench needs Linux: it reads /proc and pins processes with taskset"
        );
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let root = root.canonicalize()?;
        let target = env::var_os("CARGO_TARGET_DIR").unwrap_or("target".into());
        let server = root.join(target).join("release/server");
        let site = root.join("target/site");
        let (runs, window_s, slow_s) = if options.quick { (1, 3, 8) } else { (5, 5, 12) };
        Ok(Self {
            server: found(options.server.as_ref().unwrap_or(&server))?,
            site: found(options.site.as_ref().unwrap_or(&site))?,
            root,
            runs,
            window: Duration::from_secs(window_s),
            slow_window: Duration::from_secs(slow_s),
            pinned: std::thread::available_parallelism()?.get() >= 2,
        })
    }
}

fn found(path: &Path) -> anyhow::Result<PathBuf> {
    path.canonicalize().with_context(|| {
        format!(
            "{} does not exist: run `cargo leptos build --release --precompress --split --lib-features split`, or pass --server and --site",
            path.display()
        )
    })
}
