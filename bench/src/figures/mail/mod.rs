//! Mail: messages per second, latency, a full mailbox, and delivery to another cluster.

mod federation;

mod mailbox;

mod stored;

use crate::http::Client;
use crate::settings::Settings;
use crate::table::Table;
use anyhow::{Context, ensure};
use serde_json::json;

/// All tables.
pub async fn tables(settings: &Settings) -> anyhow::Result<Vec<Table>> {
    Ok(vec![
        stored::table(settings).await?,
        mailbox::latency(settings).await?,
        mailbox::pages(settings).await?,
        federation::table(settings).await?,
    ])
}

/// Sends a message and checks its status.
async fn send(
    client: &mut Client,
    (from, to): (&str, &str),
    text: &str,
    status: &str,
) -> anyhow::Result<()> {
    let body = json!({ "message": text, "to": to, "from": from });
    let sent = client.post("/api/messages", &body).await?;
    ensure!(sent["status"] == status, "expected {status}: {sent}");
    Ok(())
}

/// Claims an address; returns its token.
async fn claim(client: &mut Client, address: &str) -> anyhow::Result<String> {
    let body = json!({ "address": address });
    let claimed = client.post("/api/addresses", &body).await?;
    Ok(claimed["token"].as_str().context("no token")?.to_owned())
}
