//! The pages of documents, and the forms on them, with and without JavaScript.

use super::offered::{Key, New};
use super::problem::bad_change;
use super::{CreateOffered, Named, Offered, acting};
use crate::error::HttpError;
use crate::extract::{Form, IdempotencyKey};
use crate::page::{answer, page_state, status};
use crate::state::AppState;
use crate::visitor::{Actor, Sender, Visitor};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use edge::LinkError;
use protocol::{Create, Document, DocumentLink, DocumentState, NewDocumentState, Problem, Revised};
use rand::RngExt;
use serde::Deserialize;

/// Answers `GET` for a document's page.
pub(super) async fn show<O: Offered>(
    State(state): State<AppState>,
    visitor: Visitor,
    Named(key): Named<O::Document>,
) -> Result<Response, HttpError> {
    page::<O>(&state, &visitor, key, None).await
}

/// The fields of a form that changes a document.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Fields {
    /// The change as JSON.
    change: String,
}

/// Answers `POST /{NAME}/{key}/changes`: with a redirect to the page, or with the page and what went wrong.
pub(super) async fn change<O: Offered>(
    State(state): State<AppState>,
    sender: Sender,
    Named(key): Named<O::Document>,
    Form(fields): Form<Fields>,
) -> Result<Response, HttpError> {
    let changed = async {
        let change = serde_json::from_str(&fields.change);
        let change = change.map_err(|_| bad_change("Reload the page, then try again."))?;
        let actor = Actor::of_cookie(&state, &sender)?;
        acting::change::<O::Document>(&actor, &key, None, change).await
    };
    match changed.await {
        Ok(_) => Ok(Redirect::to(&O::Document::path(&key)).into_response()),
        Err(error) => page::<O>(&state, &sender.0, key, Some(error.into_shown())).await,
    }
}

/// Answers `GET` for that form's path, where a visitor reloads its answer: with the form's page.
pub(super) async fn to_page<O: Offered>(Named(key): Named<O::Document>) -> Redirect {
    Redirect::to(&O::Document::path(&key))
}

/// Answers `GET` for the page that creates documents of a kind.
pub(super) async fn show_new<O: CreateOffered>(
    State(state): State<AppState>,
    visitor: Visitor,
) -> Result<Response, HttpError> {
    let new = (New::<O>::default(), form_key());
    new_page::<O>(&state, &visitor, new, None).await
}

/// Answers `POST` for it: with a redirect to the new document, or with the page and what went wrong.
pub(super) async fn create<O: CreateOffered>(
    State(state): State<AppState>,
    sender: Sender,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, HttpError> {
    let key = fields.iter().find(|(name, _)| name == "key");
    let key = key.map(|(_, key)| key.clone()).unwrap_or_default();
    let new = O::read_form(fields);
    let created = async {
        let actor = Actor::of_cookie(&state, &sender)?;
        // A form that was edited creates something else.
        let once = IdempotencyKey::of_form(&key);
        let once = once.map(|key| format!("{key} {new:?}"));
        acting::create::<O::Document>(&actor, once.as_deref(), new.clone()).await
    };
    match created.await {
        Ok((key, _)) => Ok(Redirect::to(&O::Document::path(&key)).into_response()),
        Err(error) => {
            let problem = Some(error.into_shown());
            new_page::<O>(&state, &sender.0, (new, key), problem).await
        }
    }
}

/// A document's page for a visitor. Without Redis there is one, too, which says so.
async fn page<O: Offered>(
    state: &AppState,
    visitor: &Visitor,
    key: Key<O>,
    problem: Option<Problem>,
) -> Result<Response, HttpError> {
    let documents = acting::of::<O::Document>(state)?;
    let read = documents.read(&key, visitor.person).await;
    let status = match logged(&read) {
        Ok(Some(_)) => status(problem.as_ref()),
        Ok(None) => StatusCode::NOT_FOUND,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    };
    let page = O::page(DocumentState {
        page: page_state(&state.engine)?,
        link: state.config.public_url.clone() + &O::Document::path(&key),
        key,
        is_known: read.is_ok(),
        seen: read.ok().flatten(),
        problem,
    });
    answer(state, visitor, page, status).await
}

/// The page that creates documents of a kind, with what was typed and the form's key.
async fn new_page<O: CreateOffered>(
    state: &AppState,
    visitor: &Visitor,
    (new, form_key): (New<O>, String),
    problem: Option<Problem>,
) -> Result<Response, HttpError> {
    let own = match visitor.person {
        Some(person) => acting::of::<O::Document>(state)?.created_by(person).await,
        None => Ok(Vec::new()),
    };
    let link = |(key, document): (_, Revised<O::Document>)| DocumentLink {
        key,
        title: document.value.title(),
    };
    let status = status(problem.as_ref());
    let page = O::new_page(NewDocumentState {
        page: page_state(&state.engine)?,
        is_known: logged(&own).is_ok(),
        own: own.unwrap_or_default().into_iter().map(link).collect(),
        new,
        form_key,
        problem,
    });
    answer(state, visitor, page, status).await
}

/// An idempotency key of a form.
fn form_key() -> String {
    format!("{:032x}", rand::rng().random::<u128>())
}

/// What Redis answered; what it did not is logged.
fn logged<T>(read: &Result<T, LinkError>) -> &Result<T, LinkError> {
    if let Err(error) = read {
        tracing::warn!(%error, "Redis did not answer for the page of a document");
    }
    read
}
