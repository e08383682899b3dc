//! What is answered to those who find no place.

use crate::error::HttpError;
use axum::extract::Request;
use axum::http::header::CONNECTION;
use axum::http::{HeaderValue, Version};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// What those ask for who watch over servers: they are answered by a full one, too.
const PROBES: [&str; 4] = ["/healthz", "/readyz", "/writez", "/metrics"];

/// Why a request is turned away.
#[derive(Clone, Copy)]
pub(super) enum Refused {
    /// It is on a spare connection.
    Full,
    /// Too many of its address are going on.
    Busy,
}

/// Tells visitors that the server is full, or that their address asks too much at once.
pub(crate) async fn turn_away(request: Request, next: Next) -> Response {
    let Some(away) = request.extensions().get::<Refused>().copied() else {
        return next.run(request).await;
    };
    let is_http_1 = request.version() <= Version::HTTP_11;
    let mut response = match away {
        Refused::Busy => return busy().into_response(),
        Refused::Full if PROBES.contains(&request.uri().path()) => next.run(request).await,
        Refused::Full => full().into_response(),
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

fn busy() -> HttpError {
    HttpError::new(429, "too-many-requests", "Too many requests at once")
        .with_detail("Wait until some of your address are answered, then retry.")
}
