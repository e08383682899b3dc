//! The machine: pinning to cores, the limit on open files, and the CPU time and memory of processes.

use anyhow::{Context, ensure};
use std::ffi::OsStr;
use std::fs;
use std::process::{Command, Stdio};

/// The core of servers, baselines and Redis.
const SERVER_CORE: &str = "0";
/// The core of the load.
const LOAD_CORE: &str = "1";
/// Clock ticks per second in /proc; Linux fixes them for user space.
const TICKS_PER_SECOND: f64 = 100.0;
/// The open files that one process needs for the largest figure: ten thousand sessions and some more.
const FILES_NEEDED: u64 = 12_000;

/// Pins this process to the load's core and raises its limit on open files; children inherit both.
pub fn prepare() -> anyhow::Result<()> {
    let own = std::process::id();
    pin(own, LOAD_CORE).context("bench needs two cores: one for the servers, one for the load")?;
    // Leaves the hard limit as it is, and fails if it is lower.
    let limit = format!("--nofile={FILES_NEEDED}:");
    run("prlimit", &["--pid", &own.to_string(), &limit])
}

pub fn processor() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("model name"));
    let name = line.and_then(|line| line.split_once(": "));
    name.map_or("unknown processor", |(_, name)| name)
        .to_owned()
}

/// A command that runs a program on the servers' core.
pub fn on_server_core(program: &OsStr) -> tokio::process::Command {
    let mut command = tokio::process::Command::new("taskset");
    command.args(["-c", SERVER_CORE]).arg(program);
    command.kill_on_drop(true).stdin(Stdio::null());
    command
}

/// Pins a running process to the servers' core.
pub fn move_to_server_core(pid: u32) -> anyhow::Result<()> {
    pin(pid, SERVER_CORE)
}

/// Sends a process a signal, such as `STOP`.
pub fn signal(pid: u32, name: &str) -> anyhow::Result<()> {
    run("kill", &["-s", name, &pid.to_string()])
}

/// The CPU seconds, user and system, that a process has used so far.
pub fn cpu_seconds(pid: u32) -> anyhow::Result<f64> {
    let stat =
        fs::read_to_string(format!("/proc/{pid}/stat")).context("a measured process has exited")?;
    // The name, in brackets, may hold spaces; user and system time are the 12th and 13th after it.
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let ticks = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<f64>().ok());
    Ok(ticks.sum::<f64>() / TICKS_PER_SECOND)
}

/// The resident memory of a process, in KiB.
pub fn resident_kib(pid: u32) -> anyhow::Result<f64> {
    kib(&format!("/proc/{pid}/smaps_rollup"), &["Rss:"])
}

/// The resident memory of a process that it shares with no other, in KiB.
pub fn private_kib(pid: u32) -> anyhow::Result<f64> {
    let parts = ["Private_Clean:", "Private_Dirty:"];
    kib(&format!("/proc/{pid}/smaps_rollup"), &parts)
}

/// The peak of a process's resident memory, in KiB.
pub fn peak_kib(pid: u32) -> anyhow::Result<f64> {
    kib(&format!("/proc/{pid}/status"), &["VmHWM:"])
}

/// The sum of a file's lines of these names, such as `Rss:    1234 kB`.
fn kib(file: &str, names: &[&str]) -> anyhow::Result<f64> {
    let text = fs::read_to_string(file).context("a measured process has exited")?;
    let number = |name: &&str| -> anyhow::Result<f64> {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        let line = line.with_context(|| format!("no {name} in {file}"))?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    };
    names.iter().map(number).sum()
}

fn pin(pid: u32, core: &str) -> anyhow::Result<()> {
    run("taskset", &["-acp", core, &pid.to_string()])
}

fn run(program: &str, arguments: &[&str]) -> anyhow::Result<()> {
    let status = Command::new(program)
        .args(arguments)
        .stdout(Stdio::null())
        .status();
    let status = status.with_context(|| format!("running {program}"))?;
    ensure!(status.success(), "{program} {} failed", arguments.join(" "));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_uses_memory_and_time() {
        let own = std::process::id();

        assert!(private_kib(own).unwrap() > 100.0);
        assert!(resident_kib(own).unwrap() > private_kib(own).unwrap());
        assert!(peak_kib(own).unwrap() > 1_000.0);
        assert!(cpu_seconds(own).unwrap() < 60.0);
        assert!(cpu_seconds(u32::MAX).is_err());
    }
}
