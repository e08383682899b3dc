//! The forms of the parties' pages: each answers with a redirect, or with the page and what went wrong.

use super::PartyRefusal;
use super::actions;
use super::page::{PartiesPage, PartyPage, code_of};
use super::problem::{bad_code, bad_name, bad_place};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use edge::PartyPlan;
use protocol::{Coordinates, ParticipantName, PartyCode};
use serde::Deserialize;
use web::AppState;
use web::HttpError;
use web::extract::{Form, Path};
use web::visitor::{Actor, Sender};

/// The fields of all these forms; each has some of them.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Fields {
    name: String,
    code: String,
    /// Present if the box is ticked.
    listed: Option<String>,
    lat: String,
    lng: String,
}

/// Answers `POST /party`: starts a party.
pub(super) async fn create(
    State(state): State<AppState>,
    sender: Sender,
    Form(fields): Form<Fields>,
) -> Result<Response, HttpError> {
    let listed = fields.listed.is_some();
    let created = async {
        let plan = PartyPlan {
            name: name(&fields.name)?,
            at: place(&state, &fields)?,
            listed,
        };
        actions::create(&Actor::of_cookie(&state, &sender)?, plan).await
    };
    let created = created.await.map(|created| created.party_code);
    to_party_or_parties(&state, &sender, created, (fields, listed)).await
}

/// Answers `POST /party/join`: joins a party by a typed code.
pub(super) async fn join_typed(
    State(state): State<AppState>,
    sender: Sender,
    Form(fields): Form<Fields>,
) -> Result<Response, HttpError> {
    let joined = async {
        let code = PartyCode::parse_typed(&fields.code).map_err(|_| bad_code())?;
        let name = name(&fields.name)?;
        let actor = Actor::of_cookie(&state, &sender)?;
        Ok(actions::join(&actor, code, name).await?.joined.party_code)
    };
    // The form says nothing about a party of one's own: its box stays ticked.
    let joined = joined.await;
    to_party_or_parties(&state, &sender, joined, (fields, true)).await
}

/// Answers `POST /party/{code}/join`.
pub(super) async fn join(
    State(state): State<AppState>,
    sender: Sender,
    Path(code): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, HttpError> {
    let code = code_of(&code)?;
    let joined = async {
        let name = name(&fields.name)?;
        let joined = actions::join(&Actor::of_cookie(&state, &sender)?, code, name).await;
        joined.map(drop)
    };
    let joined = joined.await;
    to_party_or_page(&state, &sender, joined, (code, fields.name)).await
}

/// Answers `POST /party/{code}/rename`.
pub(super) async fn rename(
    State(state): State<AppState>,
    sender: Sender,
    Path(code): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, HttpError> {
    let code = code_of(&code)?;
    let renamed = async {
        let name = name(&fields.name)?.ok_or_else(bad_name)?;
        actions::rename(&Actor::of_cookie(&state, &sender)?, code, name).await
    };
    let renamed = renamed.await;
    to_party_or_page(&state, &sender, renamed, (code, fields.name)).await
}

/// Answers `POST /party/{code}/leave`.
pub(super) async fn leave(
    State(state): State<AppState>,
    sender: Sender,
    Path(code): Path<String>,
) -> Result<Response, HttpError> {
    let code = code_of(&code)?;
    let left = async { actions::leave(&Actor::of_cookie(&state, &sender)?, code).await };
    match left.await {
        // Whoever left in another tab, or sent the form twice, is where they want to be.
        Err(refusal) if !refusal.is_absent() => {
            let page = PartyPage::new(code).with_refusal(refusal);
            page.respond(&state, &sender.0).await
        }
        _ => Ok(Redirect::to("/party").into_response()),
    }
}

/// Answers `GET /party/join`, where a visitor reloads the answer to a form: with the form's page.
pub(super) async fn to_parties() -> Redirect {
    Redirect::to("/party")
}

/// Answers `GET` for a form below `/party/{code}` likewise.
pub(super) async fn to_party(Path(code): Path<String>) -> Result<Response, HttpError> {
    Ok(to_party_of(code_of(&code)?))
}

/// Answers `GET` for the chat's form likewise.
pub(super) async fn to_chat(Path(code): Path<String>) -> Result<Response, HttpError> {
    Ok(to_chat_of(code_of(&code)?))
}

/// Redirects to a party's chat.
pub(super) fn to_chat_of(code: PartyCode) -> Response {
    Redirect::to(&format!("/party/{code}#chat")).into_response()
}

fn to_party_of(code: PartyCode) -> Response {
    Redirect::to(&format!("/party/{code}")).into_response()
}

/// The party's page, or the page of all parties with what was typed and what went wrong.
async fn to_party_or_parties(
    state: &AppState,
    sender: &Sender,
    done: Result<PartyCode, HttpError>,
    (fields, listed): (Fields, bool),
) -> Result<Response, HttpError> {
    match done {
        Ok(code) => Ok(to_party_of(code)),
        Err(error) => {
            let page = PartiesPage {
                name: fields.name,
                code: fields.code,
                stays: true,
                listed,
                problem: Some(error.into_shown()),
            };
            page.respond(state, &sender.0).await
        }
    }
}

/// The party's page anew, or with what was typed and what went wrong.
async fn to_party_or_page(
    state: &AppState,
    sender: &Sender,
    done: Result<(), PartyRefusal>,
    (code, name): (PartyCode, String),
) -> Result<Response, HttpError> {
    match done {
        Ok(()) => Ok(to_party_of(code)),
        Err(refusal) => {
            let mut page = PartyPage::new(code).with_refusal(refusal);
            page.name = name;
            page.respond(state, &sender.0).await
        }
    }
}

/// A name; none if the field was left empty.
fn name(typed: &str) -> Result<Option<ParticipantName>, HttpError> {
    let typed = Some(typed).filter(|typed| !typed.trim().is_empty());
    let name = typed.map(ParticipantName::parse).transpose();
    name.map_err(|_| bad_name())
}

/// Where a party is to be: where the visitor says they are, else at the serving region.
fn place(state: &AppState, fields: &Fields) -> Result<Coordinates, HttpError> {
    let (lat, lng) = (fields.lat.trim(), fields.lng.trim());
    if lat.is_empty() && lng.is_empty() {
        return state.coordinates();
    }
    let degrees = lat.parse().ok().zip(lng.parse().ok());
    let place = degrees.and_then(|(lat, lng)| Coordinates::new(lat, lng).ok());
    place.ok_or_else(bad_place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_be_missing_but_not_hidden() {
        assert_eq!(name("  ").unwrap(), None);
        assert_eq!(name(" Wren ").unwrap().unwrap().as_str(), "Wren");
        assert_eq!(name("W\u{202e}ner").unwrap_err().problem().kind, "bad-name");
    }
}
