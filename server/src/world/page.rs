//! The world page, the same for every visitor, and the way to that of another region.

use super::page_cache::PageCache;
use axum::extract::State;
use axum::http::header::{CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use web::AppState;
use web::HttpError;
use web::extract::Path;
use web::headers::takes_gzip;
use web::page::HTML;
use web::visitor;

/// Answers `GET /`.
pub(super) async fn show(
    State(state): State<AppState>,
    request: HeaderMap,
) -> Result<Response, HttpError> {
    let rendering = state.kept::<PageCache>()?.current(&state).await?;
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
    headers.insert(CONTENT_SECURITY_POLICY, rendering.policy.clone());
    headers.extend(visitor::cookie(&state, &request));
    Ok(response)
}

/// Answers `GET /elsewhere/{region}`: sends to the same page at a live instance of that region, for a frame that shows it.
pub(super) async fn show_elsewhere(
    State(state): State<AppState>,
    Path(region): Path<String>,
) -> Response {
    let managers = state.engine.managers();
    let manager = managers
        .iter()
        .find(|manager| manager.region.as_str() == region);
    let Some(manager) = manager else {
        let gone = HttpError::new(404, "region-not-live", "That region is not live")
            .with_detail("No server of it is up. Choose another one.");
        // Our own page shows it in its pane.
        let policy = state.frame.policy("", "frame-ancestors 'self'");
        return ([(CONTENT_SECURITY_POLICY, policy)], gone).into_response();
    };
    // Said twice: forms keep the one, and the style knows the other.
    let address = format!("{}/?pane#pane", manager.url.trim_end_matches('/'));
    Redirect::to(&address).into_response()
}
