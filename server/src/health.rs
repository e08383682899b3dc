//! Whether this instance lives, and whether it should get visitors.

use crate::error::HttpError;
use crate::state::AppState;
use axum::extract::State;

/// Says that the process answers.
#[utoipa::path(
    get, path = "/healthz", operation_id = "healthz", tag = "server",
    responses((
        status = 200, description = "It answers.", body = String, content_type = "text/plain",
        example = "ok\n",
    )),
)]
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// Says whether this instance should get visitors.
///
/// It should where it knows the world and the draw, and no shutdown has begun.
#[utoipa::path(
    get, path = "/readyz", operation_id = "readyz", tag = "server",
    responses((
        status = 200, description = "It is ready.", body = String, content_type = "text/plain",
        example = "ready\n",
    )),
)]
pub(crate) async fn readyz(State(state): State<AppState>) -> Result<&'static str, HttpError> {
    if state.is_ready() {
        Ok("ready\n")
    } else {
        Err(HttpError::not_ready())
    }
}
