//! The world page, the same for every visitor.

use crate::error::HttpError;
use crate::headers::takes_gzip;
use crate::page::{nonce, policy};
use crate::state::AppState;
use crate::visitor;
use axum::extract::State;
use axum::http::header::{CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};

/// Answers `GET /`.
pub(crate) async fn show(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    if !state.engine.mirror().is_full() {
        return Err(HttpError::not_ready());
    }
    let nonce = nonce();
    let rendering = state.pages.current().await?;
    let compressed = takes_gzip(&headers);
    let body = match compressed {
        true => rendering.pieces.gzip(&nonce),
        false => rendering.pieces.plain(&nonce),
    };
    let mut response = body.into_response();
    let answer = response.headers_mut();
    if compressed {
        answer.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    answer.insert(VARY, HeaderValue::from_static("accept-encoding"));
    answer.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    answer.insert(
        CONTENT_SECURITY_POLICY,
        policy(&nonce, "", &state.config.site.env)?,
    );
    // Just started, and Redis went away again: a page without a cookie is better than none.
    answer.extend(visitor::cookie(&state, &headers));
    Ok(response)
}
