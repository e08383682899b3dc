#![doc = include_str!("../README.md")]

mod access;
mod client_address;
mod command;
mod config;
mod connections;
mod dispatch;
mod documents;
mod draw;
mod error;
mod extract;
mod federation;
mod headers;
mod health;
mod live;
mod mail;
mod messages;
mod metrics;
mod openapi;
mod page;
mod party;
mod poll;
mod problem_page;
mod rate;
mod root_secret;
mod router;
mod scrape;
mod shared_keys;
mod startup;
mod state;
mod telemetry;
mod visitor;
mod visitor_cookie;
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
