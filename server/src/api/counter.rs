//! Clicks over REST, and by form for browsers without JavaScript.

use super::body::Body;
use super::key::IdempotencyKey;
use crate::access::{Caller, ClientAddress};
use crate::person;
use crate::problem::HttpError;
use crate::state::AppState;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Redirect;
use axum::{Form, Json};
use edge::{ClickError, ClickSource, Receipt};
use protocol::{Click, ClickReceipt, Step};
use serde::Deserialize;
use std::time::Duration;

/// How long a caller waits for Redis; the click waits on.
const COUNT_TIMEOUT: Duration = Duration::from_secs(5);

/// Counts a click in the serving region.
///
/// With an `Idempotency-Key`, the click counts once however often it is sent; the scope of a key is the
/// person, for a program its address. Without one, each request is a click.
#[utoipa::path(
    post, path = "/api/clicks", operation_id = "click", tag = "world",
    params((
        "Idempotency-Key" = Option<String>, Header, pattern = "^[!-~]{1,128}$",
        description = "1 to 128 visible ASCII characters, new for each click.",
        example = "6f1d2c0e-4b7a",
    )),
    request_body(content = Click, example = json!({ "by": 1 })),
    responses((
        status = 200, description = "The click is counted.", body = ClickReceipt,
        example = json!({ "rev": 7184, "clicks": 1295, "region": "fra" }),
    )),
)]
pub(super) async fn click(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    (caller, headers): (Caller, HeaderMap),
    IdempotencyKey(key): IdempotencyKey,
    Body(Click { by }): Body<Click>,
) -> Result<Json<ClickReceipt>, HttpError> {
    let person = match caller {
        Caller::Page => person::read(&headers, &person::key(&state).await?),
        Caller::Program => None,
    };
    let scope = person.map_or_else(|| address.to_string(), |person| format!("{person:?}"));
    let source = key.map_or_else(ClickSource::once, |key| {
        ClickSource::idempotency_key(&scope, &key)
    });
    if !state.addresses.of(address).may_click() {
        return Err(HttpError::TooManyClicks);
    }
    let receipt = count(&state, source, by).await?;
    let region = state.engine.place().code.clone();
    Ok(Json(ClickReceipt {
        rev: receipt.rev,
        clicks: receipt.clicks,
        region,
    }))
}

/// The form's fields.
#[derive(Deserialize)]
pub(crate) struct ClickForm {
    /// 1 or −1, as text: forms know nothing else.
    by: String,
}

/// Answers `POST /clicks`: a click from a page without JavaScript, which gets the page anew.
pub(crate) async fn click_by_form(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    _caller: Caller,
    form: Result<Form<ClickForm>, FormRejection>,
) -> Result<Redirect, HttpError> {
    let Form(form) = form.map_err(|error| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => HttpError::TooLarge,
        _ => HttpError::Body(error.body_text()),
    })?;
    let by: i64 = form
        .by
        .parse()
        .map_err(|_| HttpError::Body("`by` is 1 or -1".into()))?;
    let by = Step::try_from(by).map_err(|error| HttpError::Body(error.to_string()))?;
    if !state.addresses.of(address).may_click() {
        return Err(HttpError::TooManyClicks);
    }
    match count(&state, ClickSource::once(), by).await {
        // While Redis is away the click waits; the page says so.
        Ok(_) | Err(HttpError::Unavailable) => {}
        Err(error) => return Err(error),
    }
    state.pages.refresh();
    Ok(Redirect::to("/"))
}

async fn count(state: &AppState, source: ClickSource, by: Step) -> Result<Receipt, HttpError> {
    match tokio::time::timeout(COUNT_TIMEOUT, state.engine.click_once(source, by)).await {
        Ok(Ok(receipt)) => Ok(receipt),
        Ok(Err(ClickError::OutOfOrder)) => Err(HttpError::Internal),
        Ok(Err(_)) => Err(HttpError::Full),
        Err(_) => Err(HttpError::Unavailable),
    }
}
