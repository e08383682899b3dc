//! The world page, the same for every visitor.

use crate::error::HttpError;
use crate::headers::takes_gzip;
use crate::page::{HTML, policy};
use crate::state::AppState;
use crate::visitor;
use axum::extract::State;
use axum::http::header::{CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};

/// Answers `GET /`.
pub(super) async fn show(
    State(state): State<AppState>,
    request: HeaderMap,
) -> Result<Response, HttpError> {
    let rendering = state.pages.current().await?;
    let policy = policy(&state, "").await?;
    let (body, encoding) = match takes_gzip(&request) {
        true => (&rendering.gzip, Some("gzip")),
        false => (&rendering.html, None),
    };
    let mut response = body.clone().into_response();
    let headers = response.headers_mut();
    if let Some(encoding) = encoding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(CONTENT_TYPE, HTML);
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    headers.extend(visitor::cookie(&state, &request));
    Ok(response)
}
