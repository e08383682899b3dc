//! The draw: rounds as players grow in number, and requests against bare axum.

mod growth;

mod request;

mod rounds;

use crate::settings::Settings;
use crate::table::Table;

/// All tables.
pub async fn tables(settings: &Settings) -> anyhow::Result<Vec<Table>> {
    Ok(vec![
        growth::table(settings).await?,
        request::table(settings).await?,
    ])
}
