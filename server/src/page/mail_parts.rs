//! What a page of mail asks for once it runs: parts of the mailbox as JSON, for the visitor of the cookie.

use super::mail::{Asked, TALKS_MAX, address_of};
use super::visitor::{Sender, known};
use crate::problem::{HttpError, MailRefusal};
use crate::state::AppState;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use edge::{PersonId, Proof};
use protocol::{CONVERSATION_MAX, Conversation, Cursor, Letter, MailAddress};

/// Keeps what is somebody's out of every cache.
const NO_STORE: [(HeaderName, &str); 1] = [(CACHE_CONTROL, "no-store")];

type Part<T> = ([(HeaderName, &'static str); 1], Json<T>);

/// Answers `GET /mail/talks`: the newest letter of each conversation.
pub(crate) async fn talks(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Part<Vec<Letter>>, HttpError> {
    let (own, proof) = own(&state, known(&state, &headers)).await?;
    let talks = state.engine.mail().talks(own, &proof, TALKS_MAX).await?;
    Ok((NO_STORE, Json(talks.newest)))
}

/// Answers `GET /mail/{address}/letters`: a conversation's newest letters, or those up to `before`.
pub(crate) async fn letters(
    State(state): State<AppState>,
    Path(address): Path<String>,
    headers: HeaderMap,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Part<Conversation>, HttpError> {
    let with = address_of(&state, &address)?;
    let Query(asked) = asked.map_err(|_| HttpError::Query("it cannot be read".into()))?;
    let before = asked
        .before
        .map(|before| Cursor::parse(&before))
        .transpose();
    let before = before.map_err(|error| HttpError::Query(error.to_string()))?;
    let (own, proof) = own(&state, known(&state, &headers)).await?;
    let mail = state.engine.mail();
    let letters = mail.conversation((own, &proof), with, before, CONVERSATION_MAX);
    Ok((NO_STORE, Json(letters.await?)))
}

/// Answers `POST /mail/{address}/seen`: the conversation is on somebody's screen.
pub(crate) async fn seen(
    State(state): State<AppState>,
    sender: Sender,
    Path(address): Path<String>,
) -> Result<StatusCode, HttpError> {
    let with = address_of(&state, &address)?;
    let (own, proof) = own(&state, sender.person).await?;
    state.engine.mail().mark_seen(own, &proof, with).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The visitor's own address, and what shows that it is theirs.
async fn own(
    state: &AppState,
    person: Option<PersonId>,
) -> Result<(MailAddress, Proof), HttpError> {
    let nobody = || HttpError::from(MailRefusal::NotOwner);
    let person = person.ok_or_else(nobody)?;
    let own = state.engine.mail().address_of(person).await?;
    Ok((own.ok_or_else(nobody)?, person.into()))
}
