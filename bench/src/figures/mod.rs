//! The figures: each starts what it measures and returns Markdown tables.

mod run;
pub use run::run;

mod bare;
mod clicks;
mod documents;
mod draw;
mod fan_out;
mod latency;
mod mail;
mod memory;
mod party;
mod replicas;
mod wasm;
