//! The parties' pages, rendered for each visitor.

use super::nearby_cache;
use super::page_state::{here, own, siblings};
use super::{PartyRefusal, naming};
use app::Page;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use edge::{PartyError, PersonId};
use protocol::{
    CHAT_PAGE, Chat, ChatAttempt, Cursor, NEARBY_MAX, NEARBY_RADIUS_KM, PartiesState, Party,
    PartyCode, PartyJoined, PartyState, Problem,
};
use serde::Deserialize;
use web::AppState;
use web::HttpError;
use web::extract::Path;
use web::page::{answer, cut, page_state, status};
use web::visitor::Visitor;

/// What a visitor brings from another page, such as another region's. Longer texts than the fields take are cut.
#[derive(Default, Deserialize)]
pub(super) struct Prefilled {
    #[serde(default)]
    name: String,
    #[serde(default)]
    code: String,
    /// Set if the visitor was sent here or chose the region.
    sent: Option<String>,
    /// Show chat messages before this one instead of the newest.
    before: Option<String>,
}

type PrefilledQuery = Result<Query<Prefilled>, QueryRejection>;

/// Answers `GET /party`.
pub(super) async fn show_parties(
    State(state): State<AppState>,
    visitor: Visitor,
    prefilled: PrefilledQuery,
) -> Result<Response, HttpError> {
    let Query(prefilled) = prefilled.unwrap_or_default();
    let page = PartiesPage {
        name: prefilled.name,
        code: prefilled.code,
        stays: prefilled.sent.is_some(),
        listed: true,
        problem: None,
    };
    page.respond(&state, &visitor).await
}

/// Answers `GET /party/{code}`.
pub(super) async fn show_party(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(code): Path<String>,
    prefilled: PrefilledQuery,
) -> Result<Response, HttpError> {
    let Query(prefilled) = prefilled.unwrap_or_default();
    let mut page = PartyPage::new(code_of(&code)?);
    page.name = prefilled.name;
    // An invalid cursor counts as none.
    page.before = prefilled
        .before
        .and_then(|before| Cursor::parse(&before).ok());
    page.respond(&state, &visitor).await
}

/// The code in a page's path. Its page does not exist if it is invalid.
pub(super) fn code_of(text: &str) -> Result<PartyCode, HttpError> {
    PartyCode::parse_typed(text).map_err(|_| PartyError::Unknown.into())
}

/// The page of all parties.
pub(super) struct PartiesPage {
    /// The name that was typed.
    pub(super) name: String,
    /// The code that was typed.
    pub(super) code: String,
    /// Whether the visitor is not sent to another region.
    pub(super) stays: bool,
    /// Whether the box is ticked.
    pub(super) listed: bool,
    /// What went wrong with a form.
    pub(super) problem: Option<Problem>,
}

impl PartiesPage {
    /// The page as an answer, with the problem's status.
    pub(super) async fn respond(
        self,
        state: &AppState,
        visitor: &Visitor,
    ) -> Result<Response, HttpError> {
        let status = status(self.problem.as_ref());
        let page = Page::Parties(Box::new(self.state(state, visitor.person).await?));
        answer(state, visitor, page, status).await
    }

    async fn state(
        self,
        state: &AppState,
        person: Option<PersonId>,
    ) -> Result<PartiesState, HttpError> {
        let search = (NEARBY_RADIUS_KM.into(), NEARBY_MAX as usize);
        let nearby = nearby_cache::nearby(state, state.coordinates()?, search);
        let (own, nearby) = tokio::join!(own(state, person), nearby);
        let is_known = own.is_ok() && nearby.is_ok();
        let own = own.unwrap_or_default();
        let name = typed_or_own(&self.name, own.as_ref());
        Ok(PartiesState {
            page: page_state(&state.engine)?,
            here: here(state),
            managers: state.engine.managers(),
            siblings: siblings(state),
            own: own.map(|(own, _)| own),
            name,
            code: cut(&self.code),
            listed: self.listed,
            nearby: nearby.map(|nearby| nearby.to_vec()).unwrap_or_default(),
            is_known,
            stays: self.stays,
            problem: self.problem,
        })
    }
}

/// A party's page.
pub(super) struct PartyPage {
    code: PartyCode,
    /// The name that was typed.
    pub(super) name: String,
    /// Show chat messages before this one instead of the newest.
    before: Option<Cursor>,
    /// What went wrong with a form.
    problem: Option<Problem>,
    /// A chat message that could not be sent.
    attempt: Option<ChatAttempt>,
    /// Whether a form has found that the party does not exist.
    is_unknown: bool,
}

impl PartyPage {
    /// The page as it is without a form.
    pub(super) fn new(code: PartyCode) -> Self {
        Self {
            code,
            name: String::new(),
            before: None,
            problem: None,
            attempt: None,
            is_unknown: false,
        }
    }

    /// The page after a form that was refused.
    pub(super) fn with_refusal(mut self, refusal: PartyRefusal) -> Self {
        self.is_unknown = refusal.is_unknown();
        self.problem = Some(HttpError::from(refusal).into_shown());
        self
    }

    /// The page after a chat message that was refused.
    pub(super) fn with_draft(self, refusal: PartyRefusal, draft: String) -> Self {
        let mut page = self.with_refusal(refusal);
        page.attempt = page
            .problem
            .take()
            .map(|problem| ChatAttempt { draft, problem });
        page
    }

    /// The page as an answer, with the problem's status, or that of a party that does not exist.
    pub(super) async fn respond(
        self,
        state: &AppState,
        visitor: &Visitor,
    ) -> Result<Response, HttpError> {
        let attempt = self.attempt.as_ref().map(|attempt| &attempt.problem);
        let problem_status = status(self.problem.as_ref().or(attempt));
        let shown = self.state(state, visitor).await?;
        let status = match (&shown.party, shown.is_known) {
            (Some(_), _) => problem_status,
            (None, true) => StatusCode::NOT_FOUND,
            (None, false) => StatusCode::SERVICE_UNAVAILABLE,
        };
        answer(state, visitor, Page::Party(Box::new(shown)), status).await
    }

    async fn state(self, state: &AppState, visitor: &Visitor) -> Result<PartyState, HttpError> {
        let (party, own) = tokio::join!(self.find(state, visitor), own(state, visitor.person));
        let (shown, is_known) = match party {
            Ok(shown) => (Some(shown), true),
            Err(refusal) if refusal.is_unknown() => (None, true),
            Err(PartyRefusal::Party(PartyError::Link(error))) => {
                tracing::warn!(%error, "Redis did not answer for a party's page");
                (None, false)
            }
            Err(refusal) => return Err(refusal.into()),
        };
        let (party, chat) = shown.unzip();
        let own = own.unwrap_or_default();
        let name = typed_or_own(&self.name, own.as_ref());
        let own = own.filter(|(own, _)| own.party_code == self.code);
        self.mark_seen(state, visitor, own.is_some(), chat.as_ref())
            .await;
        Ok(PartyState {
            page: page_state(&state.engine)?,
            here: here(state),
            managers: state.engine.managers(),
            siblings: siblings(state),
            party_code: self.code,
            party,
            is_known,
            you: own.map(|(own, _)| own.participant_id),
            token: token(state, visitor.person),
            name,
            link: format!("{}/party/{}", state.config.public_url, self.code),
            problem: self.problem,
            chat: chat.unwrap_or_default(),
            is_past: self.before.is_some(),
            attempt: self.attempt,
        })
    }

    /// Notes that a participant sees the chat's newest message.
    async fn mark_seen(
        &self,
        state: &AppState,
        visitor: &Visitor,
        is_in: bool,
        chat: Option<&Chat>,
    ) {
        let newest = chat.and_then(|chat| chat.messages.last());
        let shown = newest.filter(|_| is_in && self.before.is_none());
        if let (Some(shown), Some(person)) = (shown, visitor.person) {
            let parties = state.engine.parties();
            let seen = parties.mark_seen(self.code, person, shown.cursor).await;
            // The page is right without it, and whoever opens it again tries again.
            if let Err(error) = seen {
                tracing::warn!(%error, "Failed to note what a participant has seen");
            }
        }
    }

    /// The party and its chat, unless the address has guessed too many codes.
    async fn find(
        &self,
        state: &AppState,
        visitor: &Visitor,
    ) -> Result<(Party, Chat), PartyRefusal> {
        // The form has named the code, and that counted.
        if self.is_unknown {
            return Err(PartyError::Unknown.into());
        }
        let parties = state.engine.parties();
        let chat = parties.chat(self.code, self.before, CHAT_PAGE);
        let call = async { tokio::try_join!(parties.show(self.code), chat) };
        naming(state, (&visitor.address, visitor.person), self.code, call).await
    }
}

/// What proves to another region's page that a page of this visitor's handed something over.
fn token(state: &AppState, person: Option<PersonId>) -> Option<String> {
    Some(state.known_keys()?.identity.page_token(person?))
}

/// The name that was typed, or else the one that the visitor has in their party.
fn typed_or_own(typed: &str, own: Option<&(PartyJoined, String)>) -> String {
    match cut(typed) {
        typed if typed.is_empty() => own.map(|(_, name)| name.clone()).unwrap_or_default(),
        typed => typed,
    }
}
