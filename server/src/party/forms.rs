//! The forms of the pages of parties: each answers with a page, done or explained, JavaScript or not.

use crate::page::visitor::Sender;
use crate::party::actions::{bad_code, try_to_create, try_to_join, try_to_leave, try_to_rename};
use crate::party::page::{Brought, Hall, Visit, code_of};
use crate::problem::HttpError;
use crate::state::AppState;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use protocol::{PartyCode, Problem};
use serde::Deserialize;

/// The fields of all these forms; each has some of them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Fields {
    pub(crate) name: String,
    pub(crate) code: String,
    /// There where the box is ticked.
    pub(crate) listed: Option<String>,
    pub(crate) lat: String,
    pub(crate) lng: String,
}

type FormOf = Result<Form<Fields>, FormRejection>;

/// Answers `POST /party`: starts a party.
pub(crate) async fn create(
    State(state): State<AppState>,
    sender: Sender,
    form: FormOf,
) -> Result<Response, HttpError> {
    let fields = read(form)?;
    match try_to_create(&state, &sender, &fields).await {
        Ok(code) => Ok(to_party(code)),
        Err(problem) => hall(&state, sender, fields, problem).await,
    }
}

/// Answers `POST /party/join`: joins a party by the code that was typed.
pub(crate) async fn join_typed(
    State(state): State<AppState>,
    sender: Sender,
    form: FormOf,
) -> Result<Response, HttpError> {
    let mut fields = read(form)?;
    // Nothing was said of a party of the visitor's own: the box stays as it was at first.
    fields.listed = Some(String::new());
    let code = PartyCode::parse_typed(&fields.code).map_err(|_| bad_code());
    let joined = match code {
        Ok(code) => try_to_join(&state, &sender, (code, &fields.name)).await,
        Err(problem) => Err(problem),
    };
    match joined {
        Ok(code) => Ok(to_party(code)),
        Err(problem) => hall(&state, sender, fields, problem).await,
    }
}

/// Answers `POST /party/{code}/join`.
pub(crate) async fn join(
    State(state): State<AppState>,
    sender: Sender,
    Path(code): Path<String>,
    form: FormOf,
) -> Result<Response, HttpError> {
    let (code, fields) = (code_of(&code)?, read(form)?);
    let joined = try_to_join(&state, &sender, (code, &fields.name)).await;
    let visit = Visit::after_form(&sender, code, fields);
    visit.after(joined.err(), &state, &sender.headers).await
}

/// Answers `POST /party/{code}/rename`.
pub(crate) async fn rename(
    State(state): State<AppState>,
    sender: Sender,
    Path(code): Path<String>,
    form: FormOf,
) -> Result<Response, HttpError> {
    let (code, fields) = (code_of(&code)?, read(form)?);
    let renamed = try_to_rename(&state, &sender, (code, &fields.name)).await;
    let visit = Visit::after_form(&sender, code, fields);
    visit.after(renamed.err(), &state, &sender.headers).await
}

/// Answers `POST /party/{code}/leave`.
pub(crate) async fn leave(
    State(state): State<AppState>,
    sender: Sender,
    Path(code): Path<String>,
) -> Result<Response, HttpError> {
    let code = code_of(&code)?;
    match try_to_leave(&state, &sender, code).await {
        Ok(()) => Ok(Redirect::to("/party").into_response()),
        Err(problem) => {
            let visit = Visit::after_form(&sender, code, Fields::default());
            visit.after(Some(problem), &state, &sender.headers).await
        }
    }
}

/// Answers `GET /party/join`, where somebody loads again what a form answered: with the page of the form.
pub(crate) async fn to_hall() -> Redirect {
    Redirect::to("/party")
}

/// Answers `GET` on a form's address below `/party/{code}` likewise.
pub(crate) async fn to_visit(Path(code): Path<String>) -> Result<Response, HttpError> {
    Ok(to_party(code_of(&code)?))
}

impl Visit {
    fn after_form(sender: &Sender, code: PartyCode, fields: Fields) -> Self {
        Self {
            name: fields.name,
            ..Self::of(sender.person, sender.address, code)
        }
    }

    /// The party's page anew, or with what went wrong.
    async fn after(
        mut self,
        problem: Option<Problem>,
        state: &AppState,
        headers: &HeaderMap,
    ) -> Result<Response, HttpError> {
        if problem.is_none() {
            return Ok(to_party(self.code));
        }
        self.problem = problem;
        self.respond(state, headers).await
    }
}

/// The hall with what was typed and what went wrong.
async fn hall(
    state: &AppState,
    sender: Sender,
    fields: Fields,
    problem: Problem,
) -> Result<Response, HttpError> {
    let hall = Hall {
        person: sender.person,
        listed: fields.listed.is_some(),
        brought: Brought {
            name: fields.name,
            code: fields.code,
            ..Brought::default()
        },
        problem: Some(problem),
    };
    hall.respond(state, &sender.headers).await
}

fn to_party(code: PartyCode) -> Response {
    Redirect::to(&format!("/party/{code}")).into_response()
}

/// The fields of a form.
pub(crate) fn read<T>(form: Result<Form<T>, FormRejection>) -> Result<T, HttpError> {
    let Form(fields) = form.map_err(|error| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => HttpError::TooLarge,
        _ => HttpError::Body("the form cannot be read".into()),
    })?;
    Ok(fields)
}
