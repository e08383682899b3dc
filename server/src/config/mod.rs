//! The settings, from environment variables. The README has the table.

mod settings;
pub(crate) use settings::Config;

mod secret;
pub(crate) use secret::Secret;

mod bounds;
pub(crate) use bounds::Rates;

mod federation;
mod origin;
mod site;

mod variables;
pub(crate) use variables::ConfigError;
use variables::Variables;
