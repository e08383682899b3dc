#![doc = include_str!("../README.md")]

mod cli;
use cli::{Cli, Command};

mod baseline;
use baseline::Baseline;
mod cluster;
mod faults;
mod figures;
mod http;
mod live;
mod machine;
mod peers;
mod stats;
mod table;
mod wait;

use anyhow::{Context, bail};
use clap::Parser;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::LocalSet;

fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    match cli.command {
        Command::Baseline { listen, kind } => {
            if let Baseline::Loop {
                frame,
                per_second,
                frames_per_write,
            } = kind
            {
                return baseline::write_in_a_loop(listen, &frame, per_second, frames_per_write);
            }
            let runtime = Builder::new_multi_thread().enable_all().build()?;
            runtime
                .block_on(baseline::serve(listen, kind))
                .context("serving a baseline")
        }
        Command::Figure(figure) => {
            let settings = cli.options.settings()?;
            machine::prepare()?;
            run(figures::run(figure, &settings))
        }
        Command::Peers(chosen) => {
            let settings = cli.options.settings()?;
            machine::prepare()?;
            run(peers::run(&chosen, &settings))
        }
        Command::Faults(faults) => {
            let settings = cli.options.settings()?;
            run(faults::table(&faults, &settings))
        }
    }
}

/// Runs some work on one thread until it is done or interrupted: the load has one core, and its sessions share state without
/// locks.
fn run(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, async {
        let mut terminated = signal(SignalKind::terminate())?;
        tokio::select! {
            outcome = work => outcome,
            // Returning drops, and so kills, all processes.
            _ = tokio::signal::ctrl_c() => bail!("interrupted"),
            _ = terminated.recv() => bail!("terminated"),
        }
    })
}
