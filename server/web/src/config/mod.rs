//! The settings, from environment variables. The repository's docs/configuration.md has the tables.

mod settings;
pub use settings::Config;

mod secret;
pub use secret::Secret;

mod bounds;
pub use bounds::Rates;

mod origin;
mod place;
mod site;

mod variables;
pub use variables::{ConfigError, Variables};
