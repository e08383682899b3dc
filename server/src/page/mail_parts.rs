//! What a page of mail asks for once it runs: parts of the mailbox as JSON, for the visitor of the cookie.

use super::mail::{Asked, TALKS_MAX, address_of};
use super::visitor::{Sender, known};
use crate::headers::NO_STORE;
use crate::problem::{HttpError, MailRefusal};
use crate::state::AppState;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use edge::{Credentials, PersonId};
use protocol::{CONVERSATION_MAX, Conversation, Cursor, Letter, MailAddress};

type AskedFor = Result<Query<Asked>, QueryRejection>;
type Part<T> = ([(HeaderName, &'static str); 1], Json<T>);

/// Answers `GET /mail/talks`: the newest letter of each conversation.
pub(crate) async fn talks(
    State(state): State<AppState>,
    headers: HeaderMap,
    asked: AskedFor,
) -> Result<Part<Vec<Letter>>, HttpError> {
    let asked = read(asked)?;
    let (own, proof) = own(&state, known(&state, &headers), &asked).await?;
    let talks = state
        .engine
        .mail()
        .conversations(own, &proof, TALKS_MAX)
        .await?;
    Ok((NO_STORE, Json(talks.newest)))
}

/// Answers `GET /mail/{address}/letters`: a conversation's newest letters, or those up to `before`.
pub(crate) async fn letters(
    State(state): State<AppState>,
    Path(address): Path<String>,
    headers: HeaderMap,
    asked: AskedFor,
) -> Result<Part<Conversation>, HttpError> {
    let with = address_of(&state, &address)?;
    let asked = read(asked)?;
    let (own, proof) = own(&state, known(&state, &headers), &asked).await?;
    let before = asked.before.as_deref().map(Cursor::parse).transpose();
    let before = before.map_err(|error| HttpError::Query(error.to_string()))?;
    let mail = state.engine.mail();
    let letters = mail.conversation((own, &proof), with, before, CONVERSATION_MAX);
    Ok((NO_STORE, Json(letters.await?)))
}

/// Answers `POST /mail/{address}/seen`: the conversation is on somebody's screen, up to its letter `newest`.
pub(crate) async fn seen(
    State(state): State<AppState>,
    sender: Sender,
    Path(address): Path<String>,
    asked: AskedFor,
) -> Result<StatusCode, HttpError> {
    let with = address_of(&state, &address)?;
    let asked = read(asked)?;
    let (own, proof) = own(&state, sender.person, &asked).await?;
    let newest = asked.newest;
    let newest = newest.ok_or_else(|| HttpError::Query("`newest` is missing".into()))?;
    let mail = state.engine.mail();
    mail.mark_seen(own, &proof, with, newest).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn read(asked: AskedFor) -> Result<Asked, HttpError> {
    let Query(asked) = asked.map_err(|_| HttpError::Query("it cannot be read".into()))?;
    Ok(asked)
}

/// The address whose mailbox the page shows, or else the one that the visitor took up last; and what shows whether
/// it is theirs, which the engine asks for.
async fn own(
    state: &AppState,
    person: Option<PersonId>,
    asked: &Asked,
) -> Result<(MailAddress, Credentials), HttpError> {
    let nobody = || HttpError::from(MailRefusal::NotOwner);
    let person = person.ok_or_else(nobody)?;
    let own = match &asked.of {
        Some(of) => address_of(state, of)?,
        None => {
            let own = state.engine.mail().address_of(person).await?;
            own.ok_or_else(nobody)?
        }
    };
    Ok((own, person.into()))
}
