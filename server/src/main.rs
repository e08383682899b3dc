#![doc = include_str!("../README.md")]

mod access;
mod api;
mod command;
mod config;
mod error;
mod federation;
mod guess;
mod headers;
mod letters;
mod live;
mod metrics;
mod nearby;
mod page;
mod person;
mod problem;
mod proof;
mod rate;
mod router;
mod startup;
mod state;
mod telemetry;

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// Frees what one thread took and another gives back, such as a page's bytes, without the system's locks.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    match command::run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // One line on its own, whatever the log's filter: it says what to change.
            eprintln!("server: {error:#}");
            ExitCode::FAILURE
        }
    }
}
