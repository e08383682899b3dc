//! The forms of the pages of parties: each answers with a page, done or explained, JavaScript or not.

use super::party::{Brought, Hall, Visit, code_of};
use super::visitor;
use crate::access::{Caller, ClientAddress};
use crate::problem::HttpError;
use crate::state::AppState;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use edge::{PartyPlan, PersonId};
use protocol::{Coordinates, ParticipantName, PartyCode, Problem};
use serde::Deserialize;
use std::net::IpAddr;

/// The fields of all these forms; each has some of them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Fields {
    name: String,
    code: String,
    /// There where the box is ticked.
    listed: Option<String>,
    lat: String,
    lng: String,
}

type FormOf = Result<Form<Fields>, FormRejection>;

/// Answers `POST /party`: starts a party.
pub(crate) async fn create(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    caller: Caller,
    headers: HeaderMap,
    form: FormOf,
) -> Result<Response, HttpError> {
    let fields = read(form)?;
    let person = visitor::sender(&state, caller, &headers);
    match try_to_create(&state, address, person, &fields).await {
        Ok(code) => Ok(to_party(code)),
        Err(problem) => hall(&state, &headers, person, fields, problem).await,
    }
}

/// Answers `POST /party/join`: joins a party by the code that was typed.
pub(crate) async fn join_typed(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    caller: Caller,
    headers: HeaderMap,
    form: FormOf,
) -> Result<Response, HttpError> {
    let mut fields = read(form)?;
    // Nothing was said of a party of the visitor's own: the box stays as it was at first.
    fields.listed = Some(String::new());
    let person = visitor::sender(&state, caller, &headers);
    let code = PartyCode::parse_typed(&fields.code).map_err(|_| bad_code());
    let joined = match code {
        Ok(code) => try_to_join(&state, address, person, (code, &fields.name)).await,
        Err(problem) => Err(problem),
    };
    match joined {
        Ok(code) => Ok(to_party(code)),
        Err(problem) => hall(&state, &headers, person, fields, problem).await,
    }
}

/// Answers `POST /party/{code}/join`.
pub(crate) async fn join(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    caller: Caller,
    Path(code): Path<String>,
    headers: HeaderMap,
    form: FormOf,
) -> Result<Response, HttpError> {
    let (code, fields) = (code_of(&code)?, read(form)?);
    let person = visitor::sender(&state, caller, &headers);
    let joined = try_to_join(&state, address, person, (code, &fields.name)).await;
    let visit = Visit::of(person, address, code, fields);
    visit.after(joined.err(), &state, &headers).await
}

/// Answers `POST /party/{code}/rename`.
pub(crate) async fn rename(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    caller: Caller,
    Path(code): Path<String>,
    headers: HeaderMap,
    form: FormOf,
) -> Result<Response, HttpError> {
    let (code, fields) = (code_of(&code)?, read(form)?);
    let person = visitor::sender(&state, caller, &headers);
    let renamed = try_to_rename(&state, address, person, (code, &fields.name)).await;
    let visit = Visit::of(person, address, code, fields);
    visit.after(renamed.err(), &state, &headers).await
}

/// Answers `POST /party/{code}/leave`.
pub(crate) async fn leave(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    caller: Caller,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let code = code_of(&code)?;
    let person = visitor::sender(&state, caller, &headers);
    match try_to_leave(&state, address, person, code).await {
        Ok(()) => Ok(Redirect::to("/party").into_response()),
        Err(problem) => {
            let visit = Visit::of(person, address, code, Fields::default());
            visit.after(Some(problem), &state, &headers).await
        }
    }
}

async fn try_to_create(
    state: &AppState,
    address: IpAddr,
    person: Option<PersonId>,
    fields: &Fields,
) -> Result<PartyCode, Problem> {
    let name = name(&fields.name)?;
    let at = place(state, fields)?;
    let person = person.ok_or_else(no_cookie)?;
    if !state.addresses.of(address).may_change_party() {
        return Err(HttpError::TooManyPartyChanges.problem());
    }
    let plan = PartyPlan {
        name,
        at,
        listed: fields.listed.is_some(),
    };
    let created = state.engine.parties().create(person, plan).await;
    Ok(created.map_err(problem)?.party_code)
}

async fn try_to_join(
    state: &AppState,
    address: IpAddr,
    person: Option<PersonId>,
    (code, typed): (PartyCode, &str),
) -> Result<PartyCode, Problem> {
    let name = name(typed)?;
    let person = person.ok_or_else(no_cookie)?;
    let address = state.addresses.of(address);
    if !address.may_name_party() {
        return Err(HttpError::TooManyGuesses.problem());
    }
    if !address.may_change_party() {
        return Err(HttpError::TooManyPartyChanges.problem());
    }
    let joined = state.engine.parties().join(code, person, name).await;
    let joined = joined.inspect_err(|error| {
        if matches!(error, edge::PartyError::Unknown) {
            address.missed_party();
        }
    });
    Ok(joined.map_err(problem)?.joined.party_code)
}

async fn try_to_rename(
    state: &AppState,
    address: IpAddr,
    person: Option<PersonId>,
    (code, typed): (PartyCode, &str),
) -> Result<(), Problem> {
    let name = name(typed)?.ok_or_else(bad_name)?;
    let person = person.ok_or_else(no_cookie)?;
    if !state.addresses.of(address).may_name_party() {
        return Err(HttpError::TooManyGuesses.problem());
    }
    let renamed = state.engine.parties().rename(code, person, name).await;
    renamed.map_err(problem)
}

async fn try_to_leave(
    state: &AppState,
    address: IpAddr,
    person: Option<PersonId>,
    code: PartyCode,
) -> Result<(), Problem> {
    let person = person.ok_or_else(no_cookie)?;
    if !state.addresses.of(address).may_name_party() {
        return Err(HttpError::TooManyGuesses.problem());
    }
    match state.engine.parties().leave(code, person).await {
        // Who left in another tab, or sent the form twice, is where they want to be.
        Ok(()) | Err(edge::PartyError::NotIn | edge::PartyError::Unknown) => Ok(()),
        Err(error) => Err(problem(error)),
    }
}

impl Visit {
    fn of(person: Option<PersonId>, address: IpAddr, code: PartyCode, fields: Fields) -> Self {
        Self {
            person,
            address,
            code,
            name: fields.name,
            problem: None,
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
    headers: &HeaderMap,
    person: Option<PersonId>,
    fields: Fields,
    problem: Problem,
) -> Result<Response, HttpError> {
    let hall = Hall {
        person,
        listed: fields.listed.is_some(),
        brought: Brought {
            name: fields.name,
            code: fields.code,
            sent: None,
        },
        problem: Some(problem),
    };
    hall.respond(state, headers).await
}

fn to_party(code: PartyCode) -> Response {
    Redirect::to(&format!("/party/{code}")).into_response()
}

fn read(form: FormOf) -> Result<Fields, HttpError> {
    let Form(fields) = form.map_err(|error| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => HttpError::TooLarge,
        _ => HttpError::Body("the form cannot be read".into()),
    })?;
    Ok(fields)
}

/// A name; nothing where none was given.
fn name(typed: &str) -> Result<Option<ParticipantName>, Problem> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    ParticipantName::parse(typed)
        .map(Some)
        .map_err(|_| bad_name())
}

/// Where a party is to be: where the visitor says they are, else where the serving region is.
fn place(state: &AppState, fields: &Fields) -> Result<Coordinates, Problem> {
    let (lat, lng) = (fields.lat.trim(), fields.lng.trim());
    let own = state.engine.place();
    let place = match (lat.is_empty() && lng.is_empty(), lat.parse(), lng.parse()) {
        (true, ..) => Coordinates::new(own.lat, own.lng).ok(),
        (false, Ok(lat), Ok(lng)) => Coordinates::new(lat, lng).ok(),
        _ => None,
    };
    place.ok_or_else(|| {
        Problem::new(422, "bad-place", "That is no place on Earth")
            .with_detail("Reload the page, and tell where you are once more, or not at all.")
    })
}

fn bad_name() -> Problem {
    Problem::new(422, "bad-name", "That name cannot be used").with_detail(
        "A name has 1 to 32 characters on one line, and none that are hidden or turn text around.",
    )
}

fn bad_code() -> Problem {
    Problem::new(422, "bad-party-code", "That is no party code").with_detail(
        "A code has nine digits, such as 457 495 738. Compare it with what you were told.",
    )
}

fn no_cookie() -> Problem {
    Problem::new(403, "no-cookie", "Your browser did not say who it is").with_detail(
        "Parties know you by a cookie. Allow cookies for this site, then send the form again.",
    )
}

/// What a person is told of an error of the engine.
fn problem(error: edge::PartyError) -> Problem {
    let problem = HttpError::from(error).problem();
    let detail = match problem.kind.as_str() {
        "unknown-party" => {
            "It has ended, or the code is not quite right. Compare the code, or start a party of your own."
        }
        "not-in-party" => "You left it, perhaps in another tab. You can join again.",
        "redis-away" => {
            "The servers have lost touch with what they share. Nothing is lost: send the form again in a minute."
        }
        _ => return problem,
    };
    problem.with_detail(detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_be_missing_but_not_hidden() {
        assert_eq!(name("  "), Ok(None));
        assert_eq!(name(" Wren ").unwrap().unwrap().as_str(), "Wren");
        assert_eq!(name("\u{202e}nerW").unwrap_err().kind, "bad-name");
    }

    #[test]
    fn every_problem_says_what_to_do() {
        for problem in [
            bad_name(),
            bad_code(),
            no_cookie(),
            problem(edge::PartyError::Unknown),
            problem(edge::PartyError::NotIn),
            problem(edge::PartyError::Full { limit: 2 }),
            problem(edge::LinkError::Away.into()),
        ] {
            assert!(problem.detail.is_some(), "{problem:?}");
        }
    }
}
