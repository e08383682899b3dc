//! What a full server answers on its spare connections.

use crate::error::HttpError;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::CONNECTION;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// What those ask for who watch over servers: they are answered by a full one, too.
const PROBES: [&str; 4] = ["/healthz", "/readyz", "/writez", "/metrics"];

/// Marks a request on a spare connection.
#[derive(Clone, Copy)]
pub(super) struct Spare;

/// Tells visitors on spare connections that the server is full.
pub(crate) async fn turn_away(request: Request, next: Next) -> Response {
    if request.extensions().get::<Spare>().is_none() {
        return next.run(request).await;
    }
    let is_http_1 = request.version() <= axum::http::Version::HTTP_11;
    let mut response = match PROBES.contains(&request.uri().path()) {
        true => next.run(request).await,
        false => full().into_response(),
    };
    if is_http_1 {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
    }
    response
}

fn full() -> HttpError {
    HttpError::new(503, "full", "This server is full").with_detail("Try again in a few seconds.")
}
