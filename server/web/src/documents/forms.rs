//! The form that changes a document, on pages without JavaScript.

use super::problem::bad_change;
use super::{Named, Offered, acting, place};
use crate::error::HttpError;
use crate::extract::Form;
use crate::state::AppState;
use crate::visitor::{Actor, Sender};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use protocol::Document;
use serde::Deserialize;

/// The form's field.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Fields {
    /// The change as JSON.
    change: String,
}

/// Answers `POST /{name}/{key}/changes`: with a redirect to the page, or with the page and what went wrong.
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
        Ok(_) => Ok(to_page_of::<O::Document>(&key)),
        Err(error) => O::refused(&state, &sender.0, key, error.into_shown()).await,
    }
}

/// Answers `GET` for the form's path, where a visitor reloads its answer: with the form's page.
pub(super) async fn to_page<O: Offered>(Named(key): Named<O::Document>) -> Response {
    to_page_of::<O::Document>(&key)
}

fn to_page_of<D: Document>(key: &D::Key) -> Response {
    Redirect::to(&place::page_of::<D>(key)).into_response()
}
