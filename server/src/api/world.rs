//! The world as JSON.

use crate::problem::HttpError;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use protocol::WorldReport;

/// Answers `GET /api/world`.
pub(crate) async fn show(State(state): State<AppState>) -> Result<Response, HttpError> {
    if !state.engine.mirror().is_full() {
        return Err(HttpError::NotReady);
    }
    let world = state.engine.mirror().world();
    Ok(Json(WorldReport::from(&world)).into_response())
}
