//! One process that serves: a server or a baseline.

use crate::http;
use crate::machine;
use crate::settings::Settings;
use anyhow::{Context, bail};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::time::Duration;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

/// How long a process may take until it is ready.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often to ask.
const POLL: Duration = Duration::from_millis(20);

/// Where a browser would go.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The address.
    pub address: SocketAddr,
}

impl Place {
    /// A free port of 127.0.0.1.
    ///
    /// # Errors
    /// Where there is none.
    pub fn free() -> anyhow::Result<Self> {
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        Ok(Self { address })
    }

    /// What a browser sends as `Origin`.
    pub fn origin(self) -> String {
        format!("http://{}", self.address)
    }
}

/// One process that serves, killed when dropped.
#[derive(Debug)]
pub struct Instance {
    /// Where.
    pub place: Place,
    /// The process.
    pub pid: u32,
    child: Child,
}

impl Instance {
    /// Starts the command and waits until the path answers 200. Its output goes to `log`.
    ///
    /// # Errors
    /// Where it ends or is not ready in 20 s; with the end of its log.
    pub async fn start(
        mut command: Command,
        place: Place,
        ready: &str,
        log: &Path,
    ) -> anyhow::Result<Self> {
        let output = File::create(log)?;
        let child = command.stdout(output.try_clone()?).stderr(output).spawn();
        let child = child.with_context(|| format!("starting {command:?}"))?;
        let pid = child.id().context("the process ended at once")?;
        let mut instance = Self { place, pid, child };
        let deadline = Instant::now() + PATIENCE;
        while !http::get(place, ready, &[])
            .await
            .is_ok_and(|answer| answer.status == 200)
        {
            if instance.child.try_wait()?.is_some() || Instant::now() > deadline {
                let words = fs::read_to_string(log).unwrap_or_default();
                let last: Vec<_> = words.lines().rev().take(20).collect();
                bail!("{command:?} does not get ready:\n{}", last.join("\n"));
            }
            sleep(POLL).await;
        }
        Ok(instance)
    }

    /// Starts this binary as a baseline, pinned as the servers are.
    ///
    /// # Errors
    /// As [`Instance::start`].
    pub async fn baseline(
        settings: &Settings,
        kind: &str,
        options: &[(&str, &OsStr)],
        folder: &Path,
    ) -> anyhow::Result<Self> {
        let place = Place::free()?;
        let mut command = machine::on_server_core(settings, std::env::current_exe()?.as_os_str());
        command.args(["baseline", kind, "--listen", &place.address.to_string()]);
        for (name, value) in options {
            command.arg(name).arg(value);
        }
        Self::start(command, place, "/", &folder.join("baseline.log")).await
    }

    /// Its resident memory, in KiB.
    ///
    /// # Errors
    /// Where it is gone.
    pub fn resident_kib(&self) -> anyhow::Result<f64> {
        machine::resident_kib(self.pid)
    }
}
