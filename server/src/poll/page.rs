//! The poll's page, and the form that asks.

use app::Page;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use protocol::{NewPoll, Poll, PollCode, PollLink, PollState, Problem, Revised};
use rand::RngExt;
use web::AppState;
use web::HttpError;
use web::documents::{self, Named, Shown};
use web::extract::{Form, IdempotencyKey};
use web::page::{answer, page_state, status};
use web::visitor::{Actor, Sender, Visitor};

/// Answers `GET /poll`.
pub(super) async fn show_form(
    State(state): State<AppState>,
    visitor: Visitor,
) -> Result<Response, HttpError> {
    let new = NewPoll::default();
    form(&state, &visitor, (new, form_key()), None).await
}

/// Answers `GET /poll/{code}`.
pub(super) async fn show_poll(
    State(state): State<AppState>,
    visitor: Visitor,
    Named(code): Named<Poll>,
) -> Result<Response, HttpError> {
    poll(&state, &visitor, code, None).await
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
        // A form that was edited asks something else.
        let once = IdempotencyKey::of_form(&key);
        let once = once.map(|key| format!("{key} {new:?}"));
        documents::create::<Poll>(&actor, once.as_deref(), new.clone()).await
    };
    match asked.await {
        Ok((code, _)) => Ok(Redirect::to(&format!("/poll/{code}")).into_response()),
        Err(error) => form(&state, &sender.0, (new, key), Some(error.into_shown())).await,
    }
}

/// The page of a poll.
pub(super) async fn poll(
    state: &AppState,
    visitor: &Visitor,
    code: PollCode,
    problem: Option<Problem>,
) -> Result<Response, HttpError> {
    let shown = Shown::<Poll>::find(state, &code, visitor.person).await?;
    let status = shown.status(problem.as_ref());
    let page = PollState {
        is_known: shown.is_known,
        poll: shown.seen,
        link: format!("{}/poll/{code}", state.config.public_url),
        code: Some(code),
        problem,
        ..blank(state)?
    };
    answer(state, visitor, Page::Poll(Box::new(page)), status).await
}

/// The page that asks, with what was typed.
async fn form(
    state: &AppState,
    visitor: &Visitor,
    (new, form_key): (NewPoll, String),
    problem: Option<Problem>,
) -> Result<Response, HttpError> {
    let own = match visitor.person {
        Some(person) => documents::of::<Poll>(state)?.created_by(person).await,
        None => Ok(Vec::new()),
    };
    let link = |(code, poll): (PollCode, Revised<Poll>)| PollLink {
        code,
        question: poll.value.question,
    };
    let status = status(problem.as_ref());
    let page = PollState {
        is_known: own.is_ok(),
        own: own.unwrap_or_default().into_iter().map(link).collect(),
        new,
        form_key,
        problem,
        ..blank(state)?
    };
    answer(state, visitor, Page::Poll(Box::new(page)), status).await
}

/// An idempotency key of a form.
fn form_key() -> String {
    format!("{:032x}", rand::rng().random::<u128>())
}

/// What both pages share.
fn blank(state: &AppState) -> Result<PollState, HttpError> {
    Ok(PollState {
        page: page_state(&state.engine)?,
        code: None,
        poll: None,
        is_known: true,
        own: Vec::new(),
        new: NewPoll::default(),
        form_key: form_key(),
        link: String::new(),
        problem: None,
    })
}
