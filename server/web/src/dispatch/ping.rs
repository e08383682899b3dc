//! The smallest answer: browsers of all regions time it.

use axum::http::header::{ACCESS_CONTROL_ALLOW_METHODS, ALLOW, CACHE_CONTROL};
use axum::http::{HeaderName, StatusCode};
use axum::response::IntoResponse;

/// Lets a page of another site see how long the parts of the answer took (Resource Timing, section 4.5).
const TIMING_ALLOW_ORIGIN: HeaderName = HeaderName::from_static("timing-allow-origin");
/// What can be done here.
const METHODS: &str = "GET, HEAD, OPTIONS";

/// Answers with nothing, at once.
///
/// For measuring the round trip to a region. Pages of every site may do so.
#[utoipa::path(
    get, path = "/ping", operation_id = "ping", tag = "dispatch",
    responses((
        status = 204, description = "Nothing but the headers.",
        headers(
            ("Access-Control-Allow-Origin" = String, description = "`*`"),
            ("Timing-Allow-Origin" = String, description = "`*`"),
            ("Cache-Control" = String, description = "`no-store`"),
        ),
    )),
)]
pub(crate) async fn ping() -> impl IntoResponse {
    let headers = [(CACHE_CONTROL, "no-store"), (TIMING_ALLOW_ORIGIN, "*")];
    (StatusCode::NO_CONTENT, headers)
}

/// Says what can be asked of `/ping`.
///
/// For pages whose request needs a preflight.
#[utoipa::path(
    options, path = "/ping", operation_id = "ping_options", tag = "dispatch",
    responses((
        status = 204, description = "Nothing but the headers.",
        headers(("Allow" = String, description = "`GET, HEAD, OPTIONS`")),
    )),
)]
pub(crate) async fn ping_options() -> impl IntoResponse {
    let headers = [
        (CACHE_CONTROL, "no-store"),
        (ALLOW, METHODS),
        (ACCESS_CONTROL_ALLOW_METHODS, METHODS),
    ];
    (StatusCode::NO_CONTENT, headers)
}
