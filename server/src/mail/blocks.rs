//! Whose letters an address accepts, over REST and by the forms of the mail pages.

use super::auth::{Reading, Writing};
use super::forms::to_mail;
use super::problem::bad_path;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use edge::{Credentials, MailBlock};
use protocol::{MailAddress, MailBlocks};
use serde::Deserialize;
use utoipa::IntoParams;
use web::AppState;
use web::HttpError;
use web::extract::{Form, Path};
use web::headers::{NO_STORE, NoStore};
use web::visitor::Sender;

/// How a cluster is told from a sender; no address begins like this.
const CLUSTER: char = '@';
/// All unverified senders; no address has no hyphen.
const UNVERIFIED: &str = "unverified";

/// Whose blocks.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct BlocksPath {
    /// The address whose owner asks.
    #[param(example = "ord-wren")]
    address: MailAddress,
}

/// One of them.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct BlockPath {
    /// The address whose owner asks.
    #[param(example = "ord-wren")]
    address: MailAddress,
    /// A sender's address; `@` and a cluster's name, for all senders there; or `unverified`, for all unverified senders.
    #[param(
        pattern = "^(unverified|@.+|[A-Za-z0-9-]{1,24}-[A-Za-z0-9_]{1,32})$",
        example = "fra-finch"
    )]
    whom: String,
}

/// Lists whose letters an address does not accept.
///
/// Only for its owner.
#[utoipa::path(
    get, path = "/api/addresses/{address}/blocks", operation_id = "list_blocks", tag = "mail",
    security(("mail_token" = [])),
    params(BlocksPath),
    responses((
        status = 200, description = "Who is blocked.", body = MailBlocks,
        headers(("Cache-Control" = String, description = "`no-store`")),
        example = json!({ "senders": ["fra-finch"], "clusters": ["starlings"], "unverified": false }),
    )),
)]
pub(super) async fn list(
    State(state): State<AppState>,
    Reading(proof): Reading,
    Path(BlocksPath { address }): Path<BlocksPath>,
) -> Result<NoStore<MailBlocks>, HttpError> {
    let blocks = state.engine.mail().blocks(address, &proof).await?;
    Ok((NO_STORE, axum::Json(blocks)))
}

/// Blocks a sender, a cluster, or all unverified senders.
///
/// Their letters are refused with `blocked` or `verified-only` from then on; what came before stays. An address has at
/// most 500 blocks. Only for its owner.
#[utoipa::path(
    put, path = "/api/addresses/{address}/blocks/{whom}", operation_id = "block", tag = "mail",
    security(("mail_token" = [])),
    params(BlockPath),
    responses((status = 204, description = "They are blocked.")),
)]
pub(super) async fn block(
    State(state): State<AppState>,
    Writing(proof): Writing,
    Path(BlockPath { address, whom }): Path<BlockPath>,
) -> Result<StatusCode, HttpError> {
    set(&state, (address, &proof), &whom, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Accepts letters of a sender, a cluster, or unverified senders again.
///
/// Only for the address's owner.
#[utoipa::path(
    delete, path = "/api/addresses/{address}/blocks/{whom}", operation_id = "unblock", tag = "mail",
    security(("mail_token" = [])),
    params(BlockPath),
    responses((status = 204, description = "They are not blocked.")),
)]
pub(super) async fn unblock(
    State(state): State<AppState>,
    Writing(proof): Writing,
    Path(BlockPath { address, whom }): Path<BlockPath>,
) -> Result<StatusCode, HttpError> {
    set(&state, (address, &proof), &whom, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The fields of a form that blocks or accepts somebody.
#[derive(Deserialize)]
pub(super) struct Fields {
    /// The visitor's address.
    from: String,
    /// As in [`BlockPath`].
    whom: String,
    /// Whether to accept them again.
    #[serde(default)]
    accept: bool,
    /// The conversation to return to; empty for the mailbox.
    #[serde(default)]
    with: String,
}

/// Answers `POST /mail/blocks`: returns to the page that the form was on.
pub(super) async fn submit(
    State(state): State<AppState>,
    sender: Sender,
    Form(fields): Form<Fields>,
) -> Result<Response, HttpError> {
    let proof = Credentials::from(sender.0.known()?);
    let own = super::problem::address("from", &fields.from)?;
    set(&state, (own, &proof), &fields.whom, !fields.accept).await?;
    Ok(to_mail(MailAddress::parse(&fields.with).ok().as_ref()))
}

async fn set(
    state: &AppState,
    (address, proof): (MailAddress, &Credentials),
    whom: &str,
    is_blocked: bool,
) -> Result<(), HttpError> {
    let whom = parse(whom)?;
    let mail = state.engine.mail();
    match is_blocked {
        true => mail.block(address, proof, whom).await?,
        false => mail.unblock(address, proof, whom).await?,
    }
    Ok(())
}

fn parse(whom: &str) -> Result<MailBlock, HttpError> {
    if whom == UNVERIFIED {
        return Ok(MailBlock::Unverified);
    }
    if let Some(cluster) = whom.strip_prefix(CLUSTER) {
        return Ok(MailBlock::Cluster(cluster.to_owned()));
    }
    let sender = MailAddress::parse(whom);
    let sender = sender.map_err(|error| bad_path(&error))?;
    Ok(MailBlock::Sender(sender))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senders_clusters_and_the_unverified_are_told_apart() {
        let ann = MailAddress::parse("moon-ann").unwrap();

        assert_eq!(parse("Moon-ann").unwrap(), MailBlock::Sender(ann));
        assert_eq!(
            parse("@starlings").unwrap(),
            MailBlock::Cluster("starlings".into())
        );
        assert_eq!(parse("unverified").unwrap(), MailBlock::Unverified);
        assert!(parse("starlings").is_err());
    }
}
