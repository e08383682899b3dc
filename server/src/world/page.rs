//! The world page, the same for every visitor.

use super::page_cache::PageCache;
use axum::extract::State;
use axum::http::header::{CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use web::AppState;
use web::HttpError;
use web::headers::takes_gzip;
use web::page::{HTML, policy};
use web::visitor;

/// Answers `GET /`.
pub(super) async fn show(
    State(state): State<AppState>,
    request: HeaderMap,
) -> Result<Response, HttpError> {
    let rendering = state.kept::<PageCache>()?.current(&state).await?;
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
