//! The pages of mail, rendered for each visitor.

use super::problem::bad_path;
use app::Page;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use edge::{Conversations, Credentials, MailError, PersonId};
use protocol::{
    CONVERSATION_MAX, Conversation, Cursor, MailAddress, MailAttempt, MailBlocks, MailPlace,
    MailState, RegionCode,
};
use serde::Deserialize;
use web::AppState;
use web::HttpError;
use web::extract::Path;
use web::page::{answer, cut, page_state, status};
use web::visitor::Visitor;

/// The number of conversations that the page shows, newest first.
pub(super) const CONVERSATIONS_MAX: usize = 100;
/// Seconds in a day.
const DAY_SECONDS: u64 = 24 * 3600;

/// The query of a page of mail.
#[derive(Default, Deserialize)]
pub(super) struct PageQuery {
    /// Show letters before this one instead of the newest.
    before: Option<String>,
    /// The recipient to fill in.
    #[serde(default)]
    to: String,
}

/// Answers `GET /mail`.
pub(super) async fn show_mail(
    State(state): State<AppState>,
    visitor: Visitor,
    query: Result<Query<PageQuery>, QueryRejection>,
) -> Result<Response, HttpError> {
    let Query(query) = query.unwrap_or_default();
    let page = MailPage {
        to: cut(&query.to),
        ..MailPage::default()
    };
    page.respond(&state, &visitor).await
}

/// Answers `GET /mail/{address}`.
pub(super) async fn show_conversation(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(address): Path<String>,
    query: Result<Query<PageQuery>, QueryRejection>,
) -> Result<Response, HttpError> {
    let with = address_of(&state, &address)?;
    if with.to_string() != address {
        return Ok(Redirect::to(&format!("/mail/{with}")).into_response());
    }
    let Query(query) = query.unwrap_or_default();
    let page = MailPage {
        with: Some(with),
        // An invalid cursor counts as none.
        before: query.before.and_then(|before| Cursor::parse(&before).ok()),
        ..MailPage::default()
    };
    page.respond(&state, &visitor).await
}

/// The address in a path, with an alias replaced by its region.
pub(super) fn address_of(state: &AppState, text: &str) -> Result<MailAddress, HttpError> {
    let address = MailAddress::parse(text);
    let address = address.map_err(|error| bad_path(&error))?;
    Ok(state.engine.mail().resolve(address)?)
}

/// What a page shows of a mailbox: its conversations and the open one, and whom its owner blocks.
type Found = ((Conversations, Option<Conversation>), MailBlocks);

/// A page of mail.
#[derive(Default)]
pub(super) struct MailPage {
    /// Whom the open conversation is with.
    with: Option<MailAddress>,
    before: Option<Cursor>,
    to: String,
    /// A form that was refused.
    attempt: Option<MailAttempt>,
}

impl MailPage {
    /// The page after a form that was refused.
    pub(super) fn after(with: Option<MailAddress>, attempt: MailAttempt) -> Self {
        Self {
            with,
            attempt: Some(attempt),
            ..Self::default()
        }
    }

    /// The page as an answer, with the status of the form's problem.
    pub(super) async fn respond(
        self,
        state: &AppState,
        visitor: &Visitor,
    ) -> Result<Response, HttpError> {
        let problem_status = status(self.attempt.as_ref().map(|attempt| &attempt.problem));
        let shown = self.state(state, visitor.person).await?;
        let status = match shown.is_known {
            true => problem_status,
            false => StatusCode::SERVICE_UNAVAILABLE,
        };
        answer(state, visitor, Page::Mail(Box::new(shown)), status).await
    }

    async fn state(
        self,
        state: &AppState,
        person: Option<PersonId>,
    ) -> Result<MailState, HttpError> {
        let page = page_state(&state.engine)?;
        let (found, is_known) = match self.find(state, person).await {
            Ok(found) => (found, true),
            Err(MailError::Link(error)) => {
                tracing::warn!(%error, "Redis did not answer for a page of mail");
                (None, false)
            }
            Err(error) => return Err(error.into()),
        };
        let limits = state.engine.mail().limits();
        let days = limits.kept_for.as_secs().div_ceil(DAY_SECONDS);
        let (all, blocks) = found.unzip();
        let (conversations, conversation) = all.unzip();
        let (mailbox, newest) = conversations.map(|all| (all.mailbox, all.newest)).unzip();
        Ok(MailState {
            page,
            mailbox,
            conversations: newest.unwrap_or_default(),
            with: self.with,
            conversation: conversation.flatten(),
            is_past: self.before.is_some(),
            places: places(state),
            is_known,
            blocks: blocks.unwrap_or_default(),
            kept_max: limits.kept_max,
            kept_days: u32::try_from(days).unwrap_or(u32::MAX),
            to: self.to,
            attempt: self.attempt,
        })
    }

    /// The visitor's conversations, and the open one, which is marked as read, and whom they block; none if they have no
    /// mailbox.
    async fn find(
        &self,
        state: &AppState,
        person: Option<PersonId>,
    ) -> Result<Option<Found>, MailError> {
        let mail = state.engine.mail();
        let Some(person) = person else {
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
        let all = mail.conversations(own.clone(), &proof, CONVERSATIONS_MAX);
        let blocks = mail.blocks(own.clone(), &proof);
        let (mut all, open, blocks) = match tokio::try_join!(all, open, blocks) {
            Ok(found) => found,
            // The address changed hands between the calls.
            Err(MailError::NotOwner) => return Ok(None),
            Err(error) => return Err(error),
        };
        if let Some(with) = self.with.as_ref().filter(|_| self.before.is_none()) {
            let unread = &mut all.mailbox.unread;
            let newest = open.as_ref().and_then(|open| open.letters.last());
            if let Some(newest) = newest
                && unread.iter().any(|unread| unread.with == *with)
            {
                let newest = newest.message.cursor;
                mail.mark_seen(own, &proof, with.clone(), newest).await?;
                unread.retain(|unread| unread.with != *with);
            }
        }
        Ok(Some(((all, open), blocks)))
    }
}

/// Every region that mail can go to, with its name.
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
