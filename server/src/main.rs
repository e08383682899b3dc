#![doc = include_str!("../README.md")]

mod about;
mod cards;
mod command;
mod draw;
mod federation;
mod mail;
mod messages;
mod party;
mod poll;
mod site;
mod world;
mod you;

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
