//! What is said in a party's room.

use crate::access::{Caller, ClientAddress};
use crate::extract::body::Body;
use crate::extract::idempotency_key::IdempotencyKey;
use crate::extract::query::Query;
use crate::headers::NO_STORE;
use crate::party::calls::person_of;
use crate::party::code_limit::naming;
use crate::party::path::OfParty;
use crate::problem::{HttpError, MailRefusal};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, Uri};
use edge::PartyError;
use protocol::{Chat, ChatMessage, Cursor, MessageText, NewChatMessage, PartyCode};

/// How many lines are told where nothing else is asked for.
const LIMIT: usize = 50;
/// How many lines are told at most.
const LIMIT_MAX: usize = 200;

/// Says something in a party's room.
///
/// Only who is in the party may. The room keeps the last 1000 lines, and is gone with the party.
#[utoipa::path(
    post, path = "/parties/{party_code}/messages", operation_id = "say_in_party", tag = "parties",
    params(
        ("party_code" = PartyCode, Path, description = "The party's code.", example = "457495738"),
        (
            "Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 128, pattern = "^[!-~]+$",
            description = "Retries with the same key send the message once, for a day.",
            example = "7c1e5a3b9d2f48e6a0b7c4d8e1f25a39",
        ),
    ),
    request_body(content = NewChatMessage, example = json!({
        "device_id": "c2d81f6e93b70a54", "message": "Where to?"
    })),
    responses((
        status = 201, description = "It is said.", body = ChatMessage,
        example = json!({
            "id": "6f1c0b52a9de4f7388e02d6b1c9a54f0", "cursor": "1777660200000-0", "participant_id": 1, "participant_name": "Finch",
            "message": "Where to?", "sent_at": "2026-05-01T18:30:00.000Z"
        }),
    )),
)]
pub(crate) async fn say(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    _caller: Caller,
    OfParty(code): OfParty,
    IdempotencyKey(key): IdempotencyKey,
    Body(new): Body<NewChatMessage>,
) -> Result<
    (
        StatusCode,
        [(HeaderName, &'static str); 1],
        Json<ChatMessage>,
    ),
    HttpError,
> {
    let text = MessageText::parse(&new.message)?;
    let person = person_of(&state, &new.device_id).await?;
    let address = state.addresses.of(address);
    let call = async {
        address.may_send()?;
        let said = state
            .engine
            .parties()
            .send_message(code, person, text, key.as_deref())
            .await;
        said.map_err(|error| match error {
            PartyError::Link(_) => MailRefusal::SaidOrNot.into(),
            error => HttpError::from(error),
        })
    };
    let line = naming(&state, (&address, Some(person)), code, call).await?;
    Ok((StatusCode::CREATED, NO_STORE, Json(line)))
}

/// Reads what was said in a party's room.
///
/// The newest lines, or those up to a place, oldest first. Who knows the code may read.
#[utoipa::path(
    get, path = "/parties/{party_code}/messages", operation_id = "read_party_chat", tag = "parties",
    params(
        ("party_code" = PartyCode, Path, description = "The party's code.", example = "457495738"),
        (
            "before" = Option<Cursor>, Query, description = "The `before` of the page that follows.",
            example = "1777660200000-0",
        ),
        (
            "limit" = Option<u32>, Query, minimum = 1, maximum = 200, example = 50,
            description = "How many are told at most; 50 where it is missing.",
        ),
    ),
    responses((
        status = 200, description = "The lines.", body = Chat,
        example = json!({
            "messages": [{
                "id": "6f1c0b52a9de4f7388e02d6b1c9a54f0", "cursor": "1777660200000-0", "participant_id": 1, "participant_name": "Finch",
                "message": "Where to?", "sent_at": "2026-05-01T18:30:00.000Z"
            }],
            "before": null
        }),
    )),
)]
pub(crate) async fn read(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    OfParty(code): OfParty,
    uri: Uri,
) -> Result<([(HeaderName, &'static str); 1], Json<Chat>), HttpError> {
    let query = Query::of(&uri);
    let before = query.cursor("before")?;
    let limit = query.number("limit", LIMIT, 1..=LIMIT_MAX)?;
    let address = state.addresses.of(address);
    let call = state.engine.parties().chat(code, before, limit);
    let chat = naming(&state, (&address, None), code, call).await?;
    Ok((NO_STORE, Json(chat)))
}
