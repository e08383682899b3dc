//! Parts of the mailbox as JSON, for the mail page's own code.

use super::page::{CONVERSATIONS_MAX, address_of};
use axum::extract::State;
use axum::http::StatusCode;
use edge::{Credentials, MailError};
use protocol::{CONVERSATION_MAX, Conversation, Cursor, Letter, MailAddress};
use serde::Deserialize;
use web::AppState;
use web::HttpError;
use web::extract::{Path, Query};
use web::headers::{NO_STORE, NoStore};
use web::visitor::{Sender, Visitor};

/// Which part the page asks for.
#[derive(Deserialize)]
pub(super) struct PartQuery {
    /// Whose mailbox the page shows.
    of: Option<String>,
    /// Letters before this one instead of the newest.
    before: Option<Cursor>,
    /// The newest letter that the page shows.
    newest: Option<Cursor>,
}

/// Answers `GET /mail/conversations`: the newest letter of each conversation.
pub(super) async fn conversations(
    State(state): State<AppState>,
    visitor: Visitor,
    Query(query): Query<PartQuery>,
) -> Result<NoStore<Vec<Letter>>, HttpError> {
    let (own, proof) = own(&state, &visitor, &query).await?;
    let mail = state.engine.mail();
    let conversations = mail.conversations(own, &proof, CONVERSATIONS_MAX).await?;
    Ok((NO_STORE, axum::Json(conversations.newest)))
}

/// Answers `GET /mail/{address}/letters`: a conversation's newest letters, or those before `before`.
pub(super) async fn letters(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(address): Path<String>,
    Query(query): Query<PartQuery>,
) -> Result<NoStore<Conversation>, HttpError> {
    let with = address_of(&state, &address)?;
    let (own, proof) = own(&state, &visitor, &query).await?;
    let mail = state.engine.mail();
    let letters = mail.conversation((own, &proof), with, query.before, CONVERSATION_MAX);
    Ok((NO_STORE, axum::Json(letters.await?)))
}

/// Answers `POST /mail/{address}/seen`: the conversation was seen up to its letter `newest`.
pub(super) async fn seen(
    State(state): State<AppState>,
    Sender(visitor): Sender,
    Path(address): Path<String>,
    Query(query): Query<PartQuery>,
) -> Result<StatusCode, HttpError> {
    let with = address_of(&state, &address)?;
    let (own, proof) = own(&state, &visitor, &query).await?;
    let missing = || HttpError::bad_query("missing field `newest`");
    let newest = query.newest.ok_or_else(missing)?;
    let mail = state.engine.mail();
    mail.mark_seen(own, &proof, with, newest).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The address whose mailbox the page shows, or else the visitor's current one, and what proves that it is theirs,
/// which the engine checks.
async fn own(
    state: &AppState,
    visitor: &Visitor,
    query: &PartQuery,
) -> Result<(MailAddress, Credentials), HttpError> {
    let person = visitor.person.ok_or(MailError::NotOwner)?;
    let own = match &query.of {
        Some(of) => address_of(state, of)?,
        None => {
            let own = state.engine.mail().address_of(person).await?;
            own.ok_or(MailError::NotOwner)?
        }
    };
    Ok((own, person.into()))
}
