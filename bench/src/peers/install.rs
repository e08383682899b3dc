//! Installing what the other servers need, outside the checkout.

use anyhow::{Context, ensure};
use std::fs;
use std::path::Path;
use tokio::process::Command;

/// The copy of the lock file that was installed last.
const INSTALLED: &str = "node_modules/.installed-lock.json";
const LOCK: &str = "package-lock.json";

/// Copies the servers to a folder, and installs their packages there if they have changed.
pub async fn install(source: &Path, folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    for file in fs::read_dir(source)? {
        let file = file?;
        if file.file_type()?.is_file() {
            fs::copy(file.path(), folder.join(file.file_name()))?;
        }
    }
    let wanted = fs::read(folder.join(LOCK))?;
    if fs::read(folder.join(INSTALLED)).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let status = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(folder)
        .kill_on_drop(true)
        .status();
    let status = status.await.context("running npm")?;
    ensure!(status.success(), "npm ci failed");
    Ok(fs::write(folder.join(INSTALLED), wanted)?)
}
