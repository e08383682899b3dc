#![doc = include_str!("../README.md")]

mod cli;
use cli::{Cli, Command};

mod baseline;
mod cluster;
mod figures;
mod http;
mod live;
mod machine;
mod stats;
mod table;
mod wait;

use anyhow::Context;
use clap::Parser;
use tokio::runtime::Builder;
use tokio::task::LocalSet;

fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    match cli.command {
        Command::Baseline { listen, kind } => {
            let runtime = Builder::new_multi_thread().enable_all().build()?;
            runtime
                .block_on(baseline::serve(listen, kind))
                .context("serving a baseline")
        }
        Command::Figure(figure) => {
            let settings = cli.options.settings()?;
            machine::prepare()?;
            // One thread: the load has one core, and its sessions share state without locks.
            let runtime = Builder::new_current_thread().enable_all().build()?;
            LocalSet::new().block_on(&runtime, figures::run(figure, &settings))
        }
    }
}
