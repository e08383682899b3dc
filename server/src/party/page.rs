//! The pages of parties: rendered for each visitor, and kept by nobody.

use crate::access::ClientAddress;
use crate::page::answer::{answer, cut, page, status};
use crate::page::visitor;
use crate::party::code_limit::naming;
use crate::problem::HttpError;
use crate::state::AppState;
use app::Page;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use edge::{PartyError, PersonId};
use protocol::{
    CHAT_PAGE, Chat, ChatAttempt, Coordinates, Cursor, Manager, NEARBY_MAX, NEARBY_RADIUS_KM,
    PartiesState, Party, PartyCode, PartyJoined, PartyState, Problem,
};
use serde::Deserialize;
use std::net::IpAddr;

/// What a visitor typed, or brings from another region's page. Longer texts than these fields take are cut.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Brought {
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) code: String,
    /// Set where the visitor was sent or chose the region.
    pub(crate) sent: Option<String>,
    /// Lines of a room up to this one, instead of the newest.
    pub(crate) before: Option<String>,
}

/// Answers `GET /party`.
pub(crate) async fn show_parties(
    State(state): State<AppState>,
    headers: HeaderMap,
    brought: Result<Query<Brought>, QueryRejection>,
) -> Result<Response, HttpError> {
    let Query(brought) = brought.unwrap_or_default();
    let person = visitor::known(&state, &headers);
    let hall = Hall {
        person,
        brought,
        listed: true,
        problem: None,
    };
    hall.respond(&state, &headers).await
}

/// Answers `GET /party/{code}`.
pub(crate) async fn show_party(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    Path(code): Path<String>,
    headers: HeaderMap,
    brought: Result<Query<Brought>, QueryRejection>,
) -> Result<Response, HttpError> {
    let Query(brought) = brought.unwrap_or_default();
    let code = code_of(&code)?;
    let visit = Visit {
        name: brought.name,
        // What is none is as good as none.
        before: brought
            .before
            .and_then(|before| Cursor::parse(&before).ok()),
        ..Visit::of(visitor::known(&state, &headers), address, code)
    };
    visit.respond(&state, &headers).await
}

/// The code in a path. What is none is a page that is not there.
pub(crate) fn code_of(text: &str) -> Result<PartyCode, HttpError> {
    PartyCode::parse_typed(text).map_err(|_| HttpError::UnknownParty)
}

/// The hall, for one visitor.
pub(crate) struct Hall {
    pub(crate) person: Option<PersonId>,
    pub(crate) brought: Brought,
    pub(crate) listed: bool,
    pub(crate) problem: Option<Problem>,
}

impl Hall {
    /// The page as an answer, with the problem's status.
    pub(crate) async fn respond(
        self,
        state: &AppState,
        headers: &HeaderMap,
    ) -> Result<Response, HttpError> {
        let status = status(self.problem.as_ref());
        let page = Page::Parties(Box::new(self.state(state).await?));
        answer(state, headers, page, status).await
    }

    async fn state(self, state: &AppState) -> Result<PartiesState, HttpError> {
        let here = here(state);
        let (own, nearby) = tokio::join!(own(state, self.person), nearby(state, &here));
        let is_known = own.is_ok() && nearby.is_ok();
        let own = own.unwrap_or_default();
        let called = own.as_ref().map(|(_, name)| name.clone());
        let name = match cut(&self.brought.name) {
            brought if brought.is_empty() => called.unwrap_or_default(),
            brought => brought,
        };
        Ok(PartiesState {
            page: page(state)?,
            here,
            managers: state.engine.managers(),
            siblings: siblings(state),
            own: own.map(|(own, _)| own),
            name,
            code: cut(&self.brought.code),
            listed: self.listed,
            nearby: nearby.unwrap_or_default(),
            is_known,
            stays: self.brought.sent.is_some() || self.problem.is_some(),
            problem: self.problem,
        })
    }
}

/// A party's page, for one visitor.
pub(crate) struct Visit {
    pub(crate) person: Option<PersonId>,
    pub(crate) address: IpAddr,
    pub(crate) code: PartyCode,
    pub(crate) name: String,
    /// Lines of the room up to this one, instead of the newest.
    pub(crate) before: Option<Cursor>,
    pub(crate) problem: Option<Problem>,
    /// What was to be said and could not be.
    pub(crate) attempt: Option<ChatAttempt>,
}

impl Visit {
    pub(crate) fn of(person: Option<PersonId>, address: IpAddr, code: PartyCode) -> Self {
        Self {
            person,
            address,
            code,
            name: String::new(),
            before: None,
            problem: None,
            attempt: None,
        }
    }

    /// What went wrong with the form that was sent.
    fn refusal(&self) -> Option<&Problem> {
        let said = self.attempt.as_ref().map(|attempt| &attempt.problem);
        self.problem.as_ref().or(said)
    }

    /// The page as an answer, with the problem's status, or that of a party that is not there.
    pub(crate) async fn respond(
        self,
        state: &AppState,
        headers: &HeaderMap,
    ) -> Result<Response, HttpError> {
        let problem_status = status(self.refusal());
        let shown = self.state(state).await?;
        let status = match (&shown.party, shown.is_known) {
            (Some(_), _) => problem_status,
            (None, true) => StatusCode::NOT_FOUND,
            (None, false) => StatusCode::SERVICE_UNAVAILABLE,
        };
        answer(state, headers, Page::Party(Box::new(shown)), status).await
    }

    async fn state(self, state: &AppState) -> Result<PartyState, HttpError> {
        let (party, own) = tokio::join!(show(state, &self), own(state, self.person));
        let (shown, is_known) = match party {
            Ok(shown) => (Some(shown), true),
            Err(HttpError::UnknownParty) => (None, true),
            Err(HttpError::Away) => (None, false),
            Err(error) => return Err(error),
        };
        let (party, chat) = shown.unzip();
        let own = own.unwrap_or_default();
        let you = own
            .as_ref()
            .filter(|(own, _)| own.party_code == self.code)
            .map(|(own, _)| own.participant_id);
        let name = match cut(&self.name) {
            brought if brought.is_empty() => own.map(|(_, name)| name).unwrap_or_default(),
            brought => brought,
        };
        Ok(PartyState {
            page: page(state)?,
            here: here(state),
            managers: state.engine.managers(),
            siblings: siblings(state),
            party_code: self.code,
            party,
            is_known,
            you,
            name,
            link: format!("{}/party/{}", state.config.public_url, self.code),
            problem: self.problem,
            chat: chat.unwrap_or_default(),
            is_past: self.before.is_some(),
            attempt: self.attempt,
        })
    }
}

/// Shows a party and what was said in its room, where the address has not guessed too many codes.
async fn show(state: &AppState, visit: &Visit) -> Result<(Party, Chat), HttpError> {
    // The form that was sent has named it, and that counted.
    if visit
        .refusal()
        .is_some_and(|problem| problem.kind == "unknown-party")
    {
        return Err(HttpError::UnknownParty);
    }
    let address = state.addresses.of(visit.address);
    let parties = state.engine.parties();
    let call = async {
        tokio::try_join!(
            parties.show(visit.code),
            parties.chat(visit.code, visit.before, CHAT_PAGE)
        )
    };
    naming(state, (&address, visit.person), visit.code, call).await
}

/// The party that a person is in, and what they are called there.
async fn own(
    state: &AppState,
    person: Option<PersonId>,
) -> Result<Option<(PartyJoined, String)>, PartyError> {
    let Some(person) = person else {
        return Ok(None);
    };
    let parties = state.engine.parties();
    let Some(own) = parties.of(person).await? else {
        return Ok(None);
    };
    let party = match parties.show(own.party_code).await {
        Ok(party) => party,
        // It ended between the two.
        Err(PartyError::Unknown) => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut participants = party.participants.into_iter();
    let name = participants
        .find(|participant| participant.participant_id == own.participant_id)
        .map(|participant| participant.participant_name);
    Ok(Some((own, name.unwrap_or_default())))
}

async fn nearby(state: &AppState, here: &Manager) -> Result<Vec<protocol::NearbyParty>, HttpError> {
    match Coordinates::new(here.lat, here.lng) {
        Ok(from) => {
            let nearby = state.nearby(from, NEARBY_RADIUS_KM.into(), NEARBY_MAX as usize);
            Ok(nearby.await?.to_vec())
        }
        Err(_) => Ok(Vec::new()),
    }
}

/// The region that serves.
fn here(state: &AppState) -> Manager {
    let place = state.engine.place();
    let world = state.engine.mirror().world();
    let region = world.region(&place.code);
    Manager {
        region: place.code.clone(),
        city: place.city.clone(),
        lat: place.lat,
        lng: place.lng,
        url: state.config.public_url.clone(),
        instances: region.map_or(0, |region| region.instances),
        connections: region.map_or(0, |region| region.connections),
    }
}

/// The addresses of the region's other instances that have one of their own.
fn siblings(state: &AppState) -> Vec<String> {
    let here = &state.engine.place().code;
    let addresses = state.engine.addresses().into_iter();
    addresses
        .filter(|(region, url)| region == here && *url != state.config.public_url)
        .map(|(_, url)| url)
        .collect()
}
