//! Whether this instance lives, and whether it should get visitors.

use crate::problem::HttpError;
use crate::state::AppState;
use axum::extract::State;

/// Answers `GET /healthz`: the process answers.
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// Answers `GET /readyz`: the world is known, and no shutdown has begun.
pub(crate) async fn readyz(State(state): State<AppState>) -> Result<&'static str, HttpError> {
    if state.is_ready() {
        Ok("ready\n")
    } else {
        Err(HttpError::NotReady)
    }
}
