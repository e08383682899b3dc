//! The figures, each of which starts what it measures and returns tables.

mod run;
pub use run::run;

mod against_bare;

mod first_load;

mod fan_out;

mod deliveries;

mod clicks;

mod latency;

mod memory;

mod dispatch;

mod parties;

mod party_growth;

mod mail;

mod mail_live;

mod mail_federated;

mod draw;

mod draw_rounds;

mod draw_beside;

mod draw_growth;

mod draw_asked;

mod draw_clicks;

mod wasm;
