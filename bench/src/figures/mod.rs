//! The figures: each starts what it measures and returns Markdown tables.

mod run;
pub use run::run;

mod bare;

mod wasm;

mod first_load;

mod memory;

mod fan_out;

mod latency;

mod clicks;

mod dispatch;

mod party;

mod mail;

mod draw;
