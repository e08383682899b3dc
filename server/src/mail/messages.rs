//! Mail over REST: sending messages and reading a mailbox.

use super::auth::{Reading, Writing};
use super::problem::address;
use crate::messages;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use edge::NewLetter;
use protocol::{Cursor, Inbox, MailAddress, MessageSent, MessageText, NewMessage};
use serde::Deserialize;
use utoipa::IntoParams;
use web::AppState;
use web::HttpError;
use web::extract::{IdempotencyKey, Json, Query, bounded};
use web::headers::{NO_STORE, NoStore};
use web::rate::memory;
use web::visitor::Visitor;

/// How many messages are returned by default.
const LIMIT: usize = 50;
/// How many messages are returned at most.
const LIMIT_MAX: usize = 200;

/// Sends a message.
///
/// Anyone may send from an unclaimed address; the message then says `"verified": false`, and far fewer are accepted per
/// minute. Only its owner may send from a claimed one, with its token. A recipient may have blocked the sender (403). Once answered, the message is stored, and shows at once wherever the recipient's
/// mailbox is open. With an `Idempotency-Key`, retries within a day send it once; a key belongs to its sender's
/// address.
///
/// A region's servers answer messages to its `echo`, such as `fra-echo`, within a second: which instance answered, and how
/// long it took. They accept verified senders only, and answer within a day once the region has an instance.
#[utoipa::path(
    post, path = "/api/messages", operation_id = "send_message", tag = "mail",
    security((), ("mail_token" = [])),
    params(IdempotencyKey),
    request_body(content = NewMessage, examples(
        ("to another region" = (summary = "To another region", value = json!({
            "message": "Fancy a flight?", "to": "fra-finch", "from": "ord-wren"
        }))),
        ("by alias" = (summary = "With an alias for the region", value = json!({
            "message": "123", "to": "1-user", "from": "1-user"
        }))),
    )),
    responses((
        status = 201, description = "The message is stored.", body = MessageSent,
        headers(("Cache-Control" = String, description = "`no-store`")),
        example = json!({
            "id": "6f1c0b52a9de4f7388e02d6b1c9a54f0", "to": "fra-finch", "from": "ord-wren",
            "sent_at": "2026-05-01T18:30:00.000Z", "status": "delivered", "unclaimed": false
        }),
    )),
)]
pub(super) async fn send(
    State(state): State<AppState>,
    visitor: Visitor,
    Writing(proof): Writing,
    IdempotencyKey(idempotency_key): IdempotencyKey,
    Json(new): Json<NewMessage>,
) -> Result<impl IntoResponse, HttpError> {
    let sending = NewLetter {
        to: address("to", &new.to)?,
        from: address("from", &new.from)?,
        text: MessageText::parse(&new.message)?,
        proof,
        network: Some(visitor.address.network_id(&*state.keys()?)),
        idempotency_key,
    };
    visitor
        .address
        .messages
        .take_one()
        .map_err(messages::too_many)?;
    let cost = memory::letter(&new.message);
    memory::leave(&state, &visitor.address, cost)?;
    let sent: MessageSent = state.engine.mail().send(sending).await?;
    Ok((StatusCode::CREATED, NO_STORE, axum::Json(sent)))
}

/// Which part of a mailbox to return.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct InboxQuery {
    /// Whose mailbox.
    #[param(example = "ord-wren")]
    address: MailAddress,
    /// A `cursor`, or the `next` of the previous page.
    #[param(example = "1595941993000-0", nullable = false)]
    after: Option<Cursor>,
    /// How many messages to return at most; 50 by default.
    #[param(minimum = 1, maximum = 200, example = 50, nullable = false)]
    limit: Option<usize>,
}

/// Reads a mailbox.
///
/// Received messages, oldest first; only for the address's owner. Pages are stable: a message keeps its `cursor`, and
/// `after` names the last one that was seen. A mailbox keeps a limited number of messages for a limited time (the mail
/// page says which), and fewer of unverified senders; in a full one, whoever wrote the most loses their oldest first.
#[utoipa::path(
    get, path = "/api/messages", operation_id = "list_messages", tag = "mail",
    security(("mail_token" = [])),
    params(InboxQuery),
    responses((
        status = 200, description = "The messages.", body = Inbox,
        headers(("Cache-Control" = String, description = "`no-store`")),
        example = json!({
            "messages": [{
                "id": "6f1c0b52a9de4f7388e02d6b1c9a54f0", "cursor": "1777660200000-0", "to": "ord-wren",
                "from": "fra-finch", "message": "Fancy a flight?", "sent_at": "2026-05-01T18:30:00.000Z",
                "verified": true
            }],
            "next": "1777660200000-0", "more": false
        }),
    )),
)]
pub(super) async fn list(
    State(state): State<AppState>,
    Reading(proof): Reading,
    Query(query): Query<InboxQuery>,
) -> Result<NoStore<Inbox>, HttpError> {
    let limit = bounded("limit", query.limit, LIMIT, 1..=LIMIT_MAX)?;
    let mail = state.engine.mail();
    let inbox = mail.inbox(query.address, &proof, query.after, limit);
    Ok((NO_STORE, axum::Json(inbox.await?)))
}
