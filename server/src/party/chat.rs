//! A party's chat: over REST, by the page's form, and for the page's own code.

use super::actions;
use super::forms::to_chat_of as to_chat;
use super::page::{PartyPage, code_of};
use super::{PartyPath, PartyRefusal, naming};
use crate::messages;
use axum::extract::State;
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use protocol::{CHAT_PAGE, Chat, ChatMessage, Cursor, MessageText, NewChatMessage};
use serde::Deserialize;
use utoipa::IntoParams;
use web::AppState;
use web::HttpError;
use web::extract::{Form, IdempotencyKey, Json, Path, Query, bounded};
use web::headers::{NO_STORE, NoStore};
use web::visitor::{Actor, Sender, Visitor};

/// How many messages are returned by default.
const LIMIT: usize = 50;
/// How many messages are returned at most.
const LIMIT_MAX: usize = 200;

/// A sent message.
type Sent = (
    StatusCode,
    [(HeaderName, &'static str); 1],
    axum::Json<ChatMessage>,
);

/// Which part of a chat to return.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ChatQuery {
    /// The `before` of the page that follows.
    #[param(example = "1777660200000-0", nullable = false)]
    before: Option<Cursor>,
    /// How many messages to return at most; 50 by default.
    #[param(minimum = 1, maximum = 200, example = 50, nullable = false)]
    limit: Option<usize>,
}

/// Sends a chat message.
///
/// Only participants may. The chat keeps its newest 1000 messages for up to 30 days, and ends with the party. With an `Idempotency-Key`,
/// retries within a day send the message once.
#[utoipa::path(
    post, path = "/parties/{party_code}/messages", operation_id = "say_in_party", tag = "parties",
    params(PartyPath, IdempotencyKey),
    request_body(content = NewChatMessage, example = json!({
        "device_id": "c2d81f6e93b70a54", "message": "Where to?"
    })),
    responses((
        status = 201, description = "The message is sent.", body = ChatMessage,
        example = json!({
            "id": "6f1c0b52a9de4f7388e02d6b1c9a54f0", "cursor": "1777660200000-0", "participant_id": 1, "participant_name": "Finch",
            "message": "Where to?", "sent_at": "2026-05-01T18:30:00.000Z"
        }),
    )),
)]
pub(super) async fn send(
    State(state): State<AppState>,
    sender: Sender,
    Path(PartyPath { party_code }): Path<PartyPath>,
    IdempotencyKey(key): IdempotencyKey,
    Json(new): Json<NewChatMessage>,
) -> Result<Sent, HttpError> {
    let text = MessageText::parse(&new.message)?;
    let actor = Actor::of_device(&state, &sender, &new.device_id)?;
    let sent = actions::send_message(&actor, party_code, text, key.as_deref()).await?;
    Ok((StatusCode::CREATED, NO_STORE, axum::Json(sent)))
}

/// Reads a party's chat.
///
/// The newest messages, or those before a given one, oldest first. Anyone who knows the code may read.
#[utoipa::path(
    get, path = "/parties/{party_code}/messages", operation_id = "read_party_chat", tag = "parties",
    params(PartyPath, ChatQuery),
    responses((
        status = 200, description = "The messages.", body = Chat,
        example = json!({
            "messages": [{
                "id": "6f1c0b52a9de4f7388e02d6b1c9a54f0", "cursor": "1777660200000-0", "participant_id": 1, "participant_name": "Finch",
                "message": "Where to?", "sent_at": "2026-05-01T18:30:00.000Z"
            }],
            "before": null
        }),
    )),
)]
pub(super) async fn read(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(PartyPath { party_code }): Path<PartyPath>,
    Query(query): Query<ChatQuery>,
) -> Result<NoStore<Chat>, HttpError> {
    let limit = bounded("limit", query.limit, LIMIT, 1..=LIMIT_MAX)?;
    let call = state.engine.parties().chat(party_code, query.before, limit);
    let chat = naming(&state, (&visitor.address, None), party_code, call).await?;
    Ok((NO_STORE, axum::Json(chat)))
}

/// The fields of the page's form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ChatForm {
    message: String,
}

/// Answers `POST /party/{code}/chat`: with the page, or with the message where JSON is accepted.
pub(super) async fn send_from_page(
    State(state): State<AppState>,
    sender: Sender,
    Path(code): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
    Form(ChatForm { message }): Form<ChatForm>,
) -> Result<Response, HttpError> {
    let code = code_of(&code)?;
    let sent = async {
        let text = messages::from_form(&message)?;
        let actor = Actor::of_cookie(&state, &sender)?;
        actions::send_message(&actor, code, text, key.as_deref()).await
    };
    let sent = sent.await;
    if wants_json(&sender.0.headers) {
        let sent = sent.map_err(HttpError::from)?;
        return Ok((StatusCode::CREATED, NO_STORE, axum::Json(sent)).into_response());
    }
    match sent {
        Ok(_) => Ok(to_chat(code)),
        Err(refusal) => {
            let draft = messages::lines(&message);
            PartyPage::new(code)
                .with_draft(refusal, draft)
                .respond(&state, &sender.0)
                .await
        }
    }
}

/// Answers `GET /party/{code}/messages`, for the page: the newest messages, or those before `before`.
pub(super) async fn read_from_page(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(code): Path<String>,
    Query(query): Query<ChatQuery>,
) -> Result<NoStore<Chat>, HttpError> {
    let code = code_of(&code)?;
    let call = state.engine.parties().chat(code, query.before, CHAT_PAGE);
    let who = (&*visitor.address, visitor.person);
    let chat = naming(&state, who, code, call).await?;
    Ok((NO_STORE, axum::Json(chat)))
}

/// Up to where a page shows the chat.
#[derive(Deserialize)]
pub(super) struct SeenQuery {
    newest: Cursor,
}

/// Answers `POST /party/{code}/seen`: the visitor has seen the chat up to its message `newest`.
pub(super) async fn seen_from_page(
    State(state): State<AppState>,
    Sender(visitor): Sender,
    Path(code): Path<String>,
    Query(SeenQuery { newest }): Query<SeenQuery>,
) -> Result<StatusCode, HttpError> {
    let (code, person) = (code_of(&code)?, visitor.known()?);
    let seen = state.engine.parties().mark_seen(code, person, newest).await;
    seen.map_err(PartyRefusal::from)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether the page's own code asks, and not the browser on behalf of its form.
fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT);
    accept.is_some_and(|accept| accept == "application/json")
}
