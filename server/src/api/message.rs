//! Mail over REST: sending it, and reading what came.

use super::body::{Body, address};
use super::key::IdempotencyKey;
use super::query::Query;
use crate::access::ClientAddress;
use crate::headers::NO_STORE;
use crate::problem::HttpError;
use crate::proof::{Reading, Writing};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, Uri};
use edge::NewLetter;
use protocol::{Cursor, Inbox, MailAddress, MessageSent, MessageText, NewMessage};

/// How many messages are told where nothing else is asked for.
const LIMIT: usize = 50;
/// How many messages are told at most.
const LIMIT_MAX: usize = 200;

/// Sends a message.
///
/// From an address that nobody has claimed anyone may write, and the message says `"verified": false`. From a
/// claimed one its owner writes, with its token. Once answered, the message is stored, and shows at once
/// wherever its recipient's mailbox is open. With an `Idempotency-Key`, the same message is sent once however
/// often it is asked for within a day; the scope of a key is the address that writes.
#[utoipa::path(
    post, path = "/api/messages", operation_id = "send_message", tag = "mail",
    security((), ("mail_token" = [])),
    params((
        "Idempotency-Key" = Option<String>, Header, pattern = "^[!-~]{1,128}$",
        description = "1 to 128 visible ASCII characters, new for each message.",
        example = "b7e1c8d2-90af",
    )),
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
            "sent_at": "2026-05-01T18:30:00.000Z", "status": "delivered"
        }),
    )),
)]
pub(super) async fn send(
    State(state): State<AppState>,
    ClientAddress(caller): ClientAddress,
    Writing(proof): Writing,
    IdempotencyKey(idempotency_key): IdempotencyKey,
    Body(new): Body<NewMessage>,
) -> Result<
    (
        StatusCode,
        [(HeaderName, &'static str); 1],
        Json<MessageSent>,
    ),
    HttpError,
> {
    let sending = NewLetter {
        to: address("to", &new.to)?,
        from: address("from", &new.from)?,
        text: MessageText::parse(&new.message)?,
        proof,
        idempotency_key,
    };
    state.addresses.of(caller).may_send()?;
    let sent = state.engine.mail().send(sending).await?;
    Ok((StatusCode::CREATED, NO_STORE, Json(sent)))
}

/// Reads a mailbox.
///
/// What came to the address, oldest first; only for who has claimed it. Pages are stable: a message keeps its
/// `cursor`, and `after` names the last one that was seen. A mailbox keeps so many messages for so long, see the
/// site's page of mail; the oldest go first.
#[utoipa::path(
    get, path = "/api/messages", operation_id = "list_messages", tag = "mail",
    security(("mail_token" = [])),
    params(
        ("address" = MailAddress, Query, description = "Whose mailbox.", example = "ord-wren"),
        (
            "after" = Option<Cursor>, Query, description = "A `cursor`, or the `next` of the page before.",
            example = "1595941993000-0",
        ),
        (
            "limit" = Option<u32>, Query, minimum = 1, maximum = 200, example = 50,
            description = "How many are told at most; 50 where it is missing.",
        ),
    ),
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
    uri: Uri,
) -> Result<([(HeaderName, &'static str); 1], Json<Inbox>), HttpError> {
    let query = Query::of(&uri);
    let (of, after) = (query.address("address")?, query.cursor("after")?);
    let limit = query.number("limit", LIMIT, 1..=LIMIT_MAX)?;
    let inbox = state.engine.mail().inbox(of, &proof, after, limit).await?;
    Ok((NO_STORE, Json(inbox)))
}
