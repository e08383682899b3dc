//! A bare handler that sends the same bytes as a server.

use crate::http;
use axum::Router;
use axum::http::header::{CONNECTION, CONTENT_LENGTH, DATE, TRANSFER_ENCODING};
use axum::routing::get;
use std::net::SocketAddr;

/// Headers of a connection or a moment rather than of a page.
const NOT_COPIED: [axum::http::HeaderName; 4] =
    [CONNECTION, CONTENT_LENGTH, DATE, TRANSFER_ENCODING];

/// One route that always sends what the server answers now.
pub async fn router(
    server: SocketAddr,
    path: &str,
    accept_encoding: &str,
) -> anyhow::Result<Router> {
    let headers = [("Accept-Encoding", accept_encoding)];
    let (head, body) = http::get(server, path, &headers).await?.into_parts();
    let mut headers = head.headers;
    for name in NOT_COPIED {
        headers.remove(name);
    }
    Ok(Router::new().route("/", get(async move || (headers.clone(), body.clone()))))
}
