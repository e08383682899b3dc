//! What holds for every figure of one run.

use crate::cli::Options;
use anyhow::{Context, ensure};
use std::env;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What holds for every figure of one run.
#[derive(Debug)]
pub struct Settings {
    /// The release server.
    pub server: PathBuf,
    /// The site it serves.
    pub site: PathBuf,
    /// The repository: where servers run, so that they find their files.
    pub root: PathBuf,
    /// How many runs a figure is the median of.
    pub runs: usize,
    /// How long one run measures.
    pub window: Duration,
    /// How long one run looks at clicks that come once a second.
    pub slow_window: Duration,
    /// Whether there are two cores, one to pin the servers to and one for the load.
    pub pinned: bool,
}

impl Settings {
    /// Finds the server and the site.
    ///
    /// # Errors
    /// Where they are not built.
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
            "the bench reads /proc and pins with taskset: Linux only"
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
        "{} is not there: run `cargo leptos build --release --precompress --split --lib-features split`, or point --server and --site",
        path.display()
    )
}
