//! The form by which a visitor is forgotten.

use super::{forget_everywhere, too_many};
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use edge::PersonId;
use serde::Deserialize;
use std::time::Duration;
use web::AppState;
use web::HttpError;
use web::extract::Form;
use web::visitor::Sender;

/// Makes a browser delete what our pages keep in it, such as drafts. Without cookies: it would delete those of all hosts of
/// the registered domain, whoever they belong to.
const CLEAR_SITE_DATA: (HeaderName, HeaderValue) = (
    HeaderName::from_static("clear-site-data"),
    HeaderValue::from_static("\"storage\""),
);
/// How long a browser may take to remove its cookie, after which its open pages begin anew without it.
const REMOVAL: Duration = Duration::from_secs(1);

/// What a page says where the last step may have been done, or any before it. All of them can be done again.
const MAYBE_FORGOTTEN: &str = "You may or may not be forgotten yet. Open the page “You” in a minute: if it still knows you, \
    delete all again.";

/// The form's field.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Fields {
    /// `all` for all devices, anything else for this one.
    on: String,
}

/// Answers `POST /you/forget`.
pub(super) async fn forget(
    State(state): State<AppState>,
    Sender(visitor): Sender,
    Form(fields): Form<Fields>,
) -> Result<Response, HttpError> {
    let person = visitor.known()?;
    let on_all = fields.on == "all";
    if on_all {
        let forgotten = forget_everywhere(&state, &visitor.address, person).await;
        forgotten.map_err(|error| match error.problem().kind.as_str() {
            "redis-away" => error.shown_as(MAYBE_FORGOTTEN),
            _ => error,
        })?;
    } else {
        visitor.address.forgets.take_one().map_err(too_many)?;
        end_sessions(&state, person);
    }
    let path = format!("/you?forgotten={}", if on_all { "all" } else { "here" });
    let mut response = Redirect::to(&path).into_response();
    let headers = response.headers_mut();
    headers.extend(web::visitor::removed_cookie(&state));
    headers.extend(crate::draw::forget(&state));
    headers.extend([CLEAR_SITE_DATA]);
    Ok(response)
}

/// Answers `GET` for the form's path, where a visitor reloads its answer.
pub(super) async fn to_page() -> Redirect {
    Redirect::to("/you")
}

/// Makes the person's open pages begin anew, wherever they are: those of this browser as somebody else.
fn end_sessions(state: &AppState, person: PersonId) {
    let state = state.clone();
    state.tasks.clone().spawn(async move {
        let removed = tokio::time::sleep(REMOVAL);
        state.stopping.run_until_cancelled(removed).await;
        if let Err(error) = state.engine.forgotten().end_sessions(person).await {
            tracing::warn!(%error, "Open pages of a visitor who was forgotten in a browser stay open");
        }
    });
}
