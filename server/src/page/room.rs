//! What is said in a party's room from its page: by a form, or by the page itself once it runs.

use super::attempts::try_to_say;
use super::forms::read;
use super::party::{Visit, code_of};
use super::visitor::{Sender, known};
use crate::access::ClientAddress;
use crate::guess::naming;
use crate::headers::NO_STORE;
use crate::problem::{HttpError, respond};
use crate::state::AppState;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, Json};
use protocol::{CHAT_PAGE, Chat, ChatAttempt, Cursor, PartyCode};
use serde::Deserialize;

/// The fields of the form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Saying {
    message: String,
}

/// Which lines a page asks for.
#[derive(Default, Deserialize)]
pub(crate) struct Asked {
    before: Option<String>,
}

/// Answers `POST /party/{code}/say`: with the page, or, where JSON is asked for, with the line.
pub(crate) async fn say(
    State(state): State<AppState>,
    sender: Sender,
    Path(code): Path<String>,
    form: Result<Form<Saying>, FormRejection>,
) -> Result<Response, HttpError> {
    let (code, Saying { message }) = (code_of(&code)?, read(form)?);
    let said = try_to_say(&state, &sender, (code, &message)).await;
    if wants_json(&sender.headers) {
        return Ok(match said {
            Ok(line) => (StatusCode::CREATED, NO_STORE, Json(line)).into_response(),
            Err(problem) => respond(problem),
        });
    }
    match said {
        Ok(_line) => Ok(to_room(code)),
        Err(problem) => {
            let draft = message.replace("\r\n", "\n");
            let visit = Visit {
                attempt: Some(ChatAttempt { draft, problem }),
                ..Visit::of(sender.person, sender.address, code)
            };
            visit.respond(&state, &sender.headers).await
        }
    }
}

/// Answers `GET /party/{code}/say`, where somebody loads again what the form answered.
pub(crate) async fn to_room_again(Path(code): Path<String>) -> Result<Response, HttpError> {
    Ok(to_room(code_of(&code)?))
}

/// Answers `GET /party/{code}/lines`: the newest lines, or those up to `before`.
pub(crate) async fn lines(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    Path(code): Path<String>,
    headers: HeaderMap,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<([(HeaderName, &'static str); 1], Json<Chat>), HttpError> {
    let code = code_of(&code)?;
    let Query(asked) = asked.map_err(|_| HttpError::Query("it cannot be read".into()))?;
    let before = asked.before.map(|before| Cursor::parse(&before));
    let before = before
        .transpose()
        .map_err(|error| HttpError::Query(error.to_string()))?;
    let address = state.addresses.of(address);
    let call = state.engine.parties().chat(code, before, CHAT_PAGE);
    let chat = naming(&state, (&address, known(&state, &headers)), code, call).await?;
    Ok((NO_STORE, Json(chat)))
}

fn to_room(code: PartyCode) -> Response {
    Redirect::to(&format!("/party/{code}#chat")).into_response()
}

/// Whether the page itself asks, and not the browser on behalf of its form.
fn wants_json(headers: &HeaderMap) -> bool {
    headers
        .get(ACCEPT)
        .is_some_and(|accept| accept == "application/json")
}
