//! The poll's pages, and the form that asks.

use crate::documents::{self, Named};
use crate::error::HttpError;
use crate::extract::{Form, IdempotencyKey};
use crate::page::{answer, page_state, status};
use crate::state::AppState;
use crate::visitor::{Actor, Sender, Visitor};
use app::Page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use edge::{LinkError, PersonId};
use protocol::{NewPoll, Poll, PollCode, PollLink, PollState, Problem};
use rand::RngExt;

/// Answers `GET /poll`.
pub(super) async fn show_form(
    State(state): State<AppState>,
    visitor: Visitor,
) -> Result<Response, HttpError> {
    PollPage::default().respond(&state, &visitor).await
}

/// Answers `GET /poll/{code}`.
pub(super) async fn show_poll(
    State(state): State<AppState>,
    visitor: Visitor,
    Named(code): Named<Poll>,
) -> Result<Response, HttpError> {
    let code = Some(code);
    let page = PollPage {
        code,
        ..PollPage::default()
    };
    page.respond(&state, &visitor).await
}

/// Answers `POST /poll`: with a redirect to the new poll, or with the form and what went wrong.
pub(super) async fn ask(
    State(state): State<AppState>,
    sender: Sender,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, HttpError> {
    let (mut new, mut key) = (NewPoll::default(), String::new());
    for (name, value) in fields {
        match name.as_str() {
            "question" => new.question = value,
            "option" => new.options.push(value),
            "key" => key = value,
            _ => {}
        }
    }
    let asked = async {
        let actor = Actor::of_cookie(&state, &sender)?;
        let once = IdempotencyKey::of_form(&key);
        documents::create::<Poll>(&actor, once, new.clone()).await
    };
    match asked.await {
        Ok((code, _)) => Ok(Redirect::to(&format!("/poll/{code}")).into_response()),
        Err(error) => {
            let problem = Some(error.into_shown());
            let page = PollPage {
                code: None,
                new,
                problem,
            };
            page.respond(&state, &sender.0).await
        }
    }
}

/// A poll's page, or without a code the page that asks.
#[derive(Default)]
pub(super) struct PollPage {
    pub(super) code: Option<PollCode>,
    /// What was typed.
    pub(super) new: NewPoll,
    /// What went wrong with a form.
    pub(super) problem: Option<Problem>,
}

impl PollPage {
    /// The page as an answer, with the problem's status, or that of a poll that does not exist.
    pub(super) async fn respond(
        self,
        state: &AppState,
        visitor: &Visitor,
    ) -> Result<Response, HttpError> {
        let problem_status = status(self.problem.as_ref());
        let shown = self.state(state, visitor.person).await?;
        let status = match (&shown.poll, &shown.code, shown.is_known) {
            (None, Some(_), true) => StatusCode::NOT_FOUND,
            (None, Some(_), false) => StatusCode::SERVICE_UNAVAILABLE,
            _ => problem_status,
        };
        answer(state, visitor, Page::Poll(Box::new(shown)), status).await
    }

    async fn state(
        self,
        state: &AppState,
        person: Option<PersonId>,
    ) -> Result<PollState, HttpError> {
        let polls = documents::of::<Poll>(state)?;
        let poll = async {
            match &self.code {
                Some(code) => polls.read(code, person).await,
                None => Ok(None),
            }
        };
        let own = async {
            match person {
                Some(person) => polls.created_by(person).await,
                None => Ok(Vec::new()),
            }
        };
        let known: Result<_, LinkError> = async { tokio::try_join!(poll, own) }.await;
        let is_known = known.is_ok();
        let (poll, own) = known.unwrap_or_default();
        let path = self.code.as_ref().map(|code| format!("/poll/{code}"));
        let link = |(code, poll): (PollCode, protocol::Revised<Poll>)| PollLink {
            code,
            question: poll.value.question,
        };
        Ok(PollState {
            page: page_state(&state.engine)?,
            poll,
            is_known,
            own: own.into_iter().map(link).collect(),
            new: self.new,
            form_key: format!("{:032x}", rand::rng().random::<u128>()),
            link: format!("{}{}", state.config.public_url, path.unwrap_or_default()),
            code: self.code,
            problem: self.problem,
        })
    }
}
