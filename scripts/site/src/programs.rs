//! The programs that this one calls.

use anyhow::{Context, ensure};
use std::process::Command;

/// Runs a program to its end; what it printed is in the error where it fails.
pub(crate) fn run(
    program: &str,
    arguments: impl FnOnce(&mut Command) -> &mut Command,
) -> anyhow::Result<()> {
    let output = arguments(&mut Command::new(program))
        .output()
        .with_context(|| format!("{program} cannot be run; scripts/setup installs it"))?;
    ensure!(
        output.status.success(),
        "{program} failed:\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    Ok(())
}
