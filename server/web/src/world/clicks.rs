//! Clicks over REST, and by form for browsers without JavaScript.

use crate::client_address::ClientAddress;
use crate::error::HttpError;
use crate::extract::{Form, IdempotencyKey, Json, key_reused};
use crate::problem_page::own_referer;
use crate::rate::memory;
use crate::state::AppState;
use crate::visitor::Sender;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Redirect;
use edge::{ClickError, ClickSource, Receipt};
use protocol::{Click, ClickReceipt, Step};
use serde::Deserialize;
use std::time::Duration;

/// How long a caller waits for Redis; the click waits longer.
const COUNT_TIMEOUT: Duration = Duration::from_secs(5);

/// Counts a click in the serving region.
///
/// With an `Idempotency-Key`, retries within ten minutes are not counted again; a key belongs to the person, or to a program's
/// network address. The same key with the other `by` is refused (422). Without a key, each request is a click.
#[utoipa::path(
    post, path = "/api/clicks", operation_id = "click", tag = "world",
    params(IdempotencyKey),
    request_body(content = Click, example = json!({ "by": 1 })),
    responses((
        status = 200, description = "The click is counted.", body = ClickReceipt,
        example = json!({ "rev": 7184, "clicks": 1295, "region": "fra" }),
    )),
)]
pub(super) async fn click(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    Sender(sender): Sender,
    IdempotencyKey(key): IdempotencyKey,
    Json(Click { by }): Json<Click>,
) -> Result<axum::Json<ClickReceipt>, HttpError> {
    let scope = sender
        .person
        .map_or_else(|| address.to_string(), |person| format!("{person:?}"));
    sender
        .address
        .clicks
        .take_one()
        .map_err(|_| too_many_clicks())?;
    let source = match key {
        Some(key) => {
            memory::leave(&state, &sender.address, memory::CLICK_KEY)?;
            ClickSource::idempotency_key(&scope, &key)
        }
        None => ClickSource::once(),
    };
    let counted = count(&state, source, by).await?;
    let receipt = counted.ok_or_else(|| {
        waiting("The servers cannot reach their storage").with_detail(
            "The click is saved. With an Idempotency-Key it counts unless they cannot for as long as keys are remembered: \
             retry with the same key. Without a key it will count: do not retry.",
        )
    })?;
    Ok(axum::Json(ClickReceipt {
        rev: receipt.rev,
        clicks: receipt.clicks,
        region: state.engine.place().code.clone(),
    }))
}

/// The form's fields.
#[derive(Deserialize)]
pub(super) struct ClickForm {
    /// 1 or −1.
    by: i64,
}

/// Answers `POST /clicks`: a click from a page without JavaScript, which receives the page anew.
pub(super) async fn click_by_form(
    State(state): State<AppState>,
    headers: HeaderMap,
    Sender(sender): Sender,
    Form(ClickForm { by }): Form<ClickForm>,
) -> Result<Redirect, HttpError> {
    let by = Step::try_from(by).map_err(|error| HttpError::bad_body(error.to_string()))?;
    sender
        .address
        .clicks
        .take_one()
        .map_err(|_| too_many_clicks())?;
    // While Redis is unavailable the click waits, and the page says so.
    count(&state, ClickSource::once(), by).await?;
    state.note_click_by_form();
    let page = own_referer(&headers).unwrap_or_else(|| "/".into());
    // In a pane of another region's page, as its fragment says, which no server is told.
    let part = if page.ends_with("/?pane") {
        "#pane"
    } else {
        ""
    };
    Ok(Redirect::to(&format!("{page}{part}")))
}

/// Counts a click; none if it still waits for Redis.
async fn count(
    state: &AppState,
    source: ClickSource,
    by: Step,
) -> Result<Option<Receipt>, HttpError> {
    match tokio::time::timeout(COUNT_TIMEOUT, state.engine.click_once(source, by)).await {
        Ok(Ok(receipt)) => Ok(Some(receipt)),
        Ok(Err(error @ ClickError::OutOfOrder)) => Err(HttpError::logged(&error)),
        Ok(Err(ClickError::KeyReused)) => Err(key_reused()),
        Ok(Err(ClickError::Late)) => Err(waited_too_long()),
        Ok(Err(_)) => Err(too_many_waiting()),
        Err(_) => Ok(None),
    }
}

fn waiting(title: &str) -> HttpError {
    HttpError::new(503, "redis-away", title)
}

/// The click waited for longer than its key is remembered.
fn waited_too_long() -> HttpError {
    waiting("This click was not counted").with_detail(
        "It waited for too long for the servers' storage. Send it again, with the same Idempotency-Key.",
    )
    .shown_as("It waited for too long for the servers' storage. Click again.")
}

/// Too many clicks wait for Redis.
pub(crate) fn too_many_waiting() -> HttpError {
    waiting("This click cannot be kept").with_detail(
        "The servers cannot reach their storage, and too many clicks wait for it. Try again later.",
    )
}

/// A session or an address clicks too fast.
pub(crate) fn too_many_clicks() -> HttpError {
    HttpError::new(429, "too-many-clicks", "Too many clicks")
        .with_detail("Clicks came too fast. Wait a moment, then retry.")
}
