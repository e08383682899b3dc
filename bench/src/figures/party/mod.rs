//! Parties: how many per second, and what they cost as their number grows.

mod growth;

mod lifetimes;

use crate::settings::Settings;
use crate::table::Table;

/// Both tables.
pub async fn tables(settings: &Settings) -> anyhow::Result<Vec<Table>> {
    Ok(vec![
        lifetimes::table(settings).await?,
        growth::table(settings).await?,
    ])
}
