//! The pages of mail: rendered for each visitor, and kept by nobody.

use super::answer::{answer, cut, status};
use super::cache::page_state;
use super::visitor;
use crate::problem::HttpError;
use crate::state::AppState;
use app::Page;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use edge::{Conversations, Credentials, MailError, PersonId};
use protocol::{
    CONVERSATION_MAX, Conversation, Cursor, MailAddress, MailAttempt, MailPlace, MailState,
    RegionCode,
};
use serde::Deserialize;

/// Conversations that the page shows: the newest.
pub(super) const TALKS_MAX: usize = 100;
/// Seconds in a day.
const DAY_SECONDS: u64 = 24 * 3600;

/// What a visitor of mail asks for.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Asked {
    /// Letters of a conversation up to this one, instead of the newest.
    pub(super) before: Option<String>,
    /// Whose mailbox the page shows that asks.
    pub(super) of: Option<String>,
    /// The newest letter that the page shows.
    pub(super) newest: Option<Cursor>,
    /// Whom to write to.
    #[serde(default)]
    to: String,
}

/// Answers `GET /mail`.
pub(crate) async fn show_mail(
    State(state): State<AppState>,
    headers: HeaderMap,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, HttpError> {
    let Query(asked) = asked.unwrap_or_default();
    let visit = MailVisit {
        to: cut(&asked.to),
        ..MailVisit::of(visitor::known(&state, &headers))
    };
    visit.respond(&state, &headers).await
}

/// Answers `GET /mail/{address}`.
pub(crate) async fn show_conversation(
    State(state): State<AppState>,
    Path(address): Path<String>,
    headers: HeaderMap,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, HttpError> {
    let with = address_of(&state, &address)?;
    if with.to_string() != address {
        return Ok(Redirect::to(&format!("/mail/{with}")).into_response());
    }
    let Query(asked) = asked.unwrap_or_default();
    let visit = MailVisit {
        with: Some(with),
        // What is none is as good as none.
        before: asked.before.and_then(|before| Cursor::parse(&before).ok()),
        ..MailVisit::of(visitor::known(&state, &headers))
    };
    visit.respond(&state, &headers).await
}

/// The address in a path, with an alias replaced by its region.
pub(super) fn address_of(state: &AppState, text: &str) -> Result<MailAddress, HttpError> {
    let address = MailAddress::parse(text).map_err(|error| HttpError::Path(error.to_string()))?;
    Ok(state.engine.mail().resolve(address)?)
}

/// A page of mail, for one visitor.
pub(super) struct MailVisit {
    person: Option<PersonId>,
    /// Whom the open conversation is with.
    with: Option<MailAddress>,
    before: Option<Cursor>,
    to: String,
    attempt: Option<MailAttempt>,
}

/// What is found for a visitor.
struct Found {
    talks: Conversations,
    conversation: Option<Conversation>,
}

impl MailVisit {
    /// After a form that could not be used.
    pub(super) fn after(
        person: Option<PersonId>,
        with: Option<MailAddress>,
        attempt: MailAttempt,
    ) -> Self {
        Self {
            with,
            attempt: Some(attempt),
            ..Self::of(person)
        }
    }

    fn of(person: Option<PersonId>) -> Self {
        Self {
            person,
            with: None,
            before: None,
            to: String::new(),
            attempt: None,
        }
    }

    /// The page as an answer, with the status of the form's problem.
    pub(super) async fn respond(
        self,
        state: &AppState,
        headers: &HeaderMap,
    ) -> Result<Response, HttpError> {
        let of_problem = status(self.attempt.as_ref().map(|attempt| &attempt.problem));
        let shown = self.state(state).await?;
        let status = match shown.is_known {
            true => of_problem,
            false => StatusCode::SERVICE_UNAVAILABLE,
        };
        answer(state, headers, Page::Mail(Box::new(shown)), status).await
    }

    async fn state(self, state: &AppState) -> Result<MailState, HttpError> {
        if !state.engine.mirror().is_full() {
            return Err(HttpError::NotReady);
        }
        let (found, is_known) = match self.find(state).await {
            Ok(found) => (found, true),
            Err(MailError::Link(error)) => {
                tracing::warn!(%error, "Redis did not answer for a page of mail");
                (None, false)
            }
            Err(error) => return Err(error.into()),
        };
        let limits = state.engine.mail().limits();
        let days = limits.kept_for.as_secs().div_ceil(DAY_SECONDS);
        let (talks, conversation) = match found {
            Some(Found {
                talks,
                conversation,
            }) => (Some(talks), conversation),
            None => (None, None),
        };
        let (mailbox, talks) = talks.map(|talks| (talks.mailbox, talks.newest)).unzip();
        Ok(MailState {
            page: page_state(&state.engine),
            mailbox,
            conversations: talks.unwrap_or_default(),
            with: self.with,
            conversation,
            is_past: self.before.is_some(),
            places: places(state),
            is_known,
            kept_max: limits.kept_max,
            kept_days: u32::try_from(days).unwrap_or(u32::MAX),
            to: self.to,
            attempt: self.attempt,
        })
    }

    /// The visitor's mailbox; nothing where they have none. An open conversation is seen by that.
    async fn find(&self, state: &AppState) -> Result<Option<Found>, MailError> {
        let mail = state.engine.mail();
        let Some(person) = self.person else {
            return Ok(None);
        };
        let Some(own) = mail.address_of(person).await? else {
            return Ok(None);
        };
        let proof = Credentials::from(person);
        let open = async {
            let Some(with) = self.with.clone() else {
                return Ok(None);
            };
            let whose = (own.clone(), &proof);
            let letters = mail.conversation(whose, with, self.before, CONVERSATION_MAX);
            letters.await.map(Some)
        };
        let both = tokio::try_join!(mail.conversations(own.clone(), &proof, TALKS_MAX), open);
        let (mut talks, conversation) = match both {
            Ok(both) => both,
            // The address went to somebody else between the two.
            Err(MailError::NotOwner) => return Ok(None),
            Err(error) => return Err(error),
        };
        if let Some(with) = self.with.as_ref().filter(|_| self.before.is_none()) {
            let unread = &mut talks.mailbox.unread;
            let shown = conversation.as_ref().and_then(|open| open.letters.last());
            let shown = shown.filter(|_| unread.iter().any(|unread| unread.with == *with));
            if let Some(newest) = shown {
                let newest = newest.message.cursor;
                mail.mark_seen(own, &proof, with.clone(), newest).await?;
                unread.retain(|unread| unread.with != *with);
            }
        }
        Ok(Some(Found {
            talks,
            conversation,
        }))
    }
}

/// Every place that mail can go to, with what it is called.
fn places(state: &AppState) -> Vec<MailPlace> {
    let own = state.config.regions.places().iter().flat_map(|region| {
        let place = |code, of| MailPlace {
            code,
            of,
            name: region.city.clone(),
            is_elsewhere: false,
        };
        let aliases = region
            .aliases
            .iter()
            .filter_map(|alias| RegionCode::parse(alias).ok());
        let aliases = aliases.map(move |alias| place(alias, Some(region.code.clone())));
        std::iter::once(place(region.code.clone(), None)).chain(aliases)
    });
    let peers = state.engine.mail().peers().all().iter().flat_map(|peer| {
        peer.places.iter().map(|code| MailPlace {
            code: code.clone(),
            of: None,
            name: peer.name.clone(),
            is_elsewhere: true,
        })
    });
    own.chain(peers).collect()
}
