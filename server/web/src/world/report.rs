//! The world as JSON.

use crate::error::HttpError;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use protocol::WorldReport;

/// Shows the world.
///
/// Every region's numbers and their totals, as known to this instance, and how soon other regions had clicks of its visitors.
#[utoipa::path(
    get, path = "/api/world", operation_id = "show_world", tag = "world",
    responses((
        status = 200, description = "The world.", body = WorldReport,
        example = json!({
            "rev": 7183, "clicks": 1294, "people": 12, "connections": 14, "age_ms": 0, "regions": [{
                "code": "fra", "city": "Frankfurt", "lat": 50.03, "lng": 8.57,
                "clicks": 1294, "people": 12, "connections": 14, "instances": 2,
                "reached_ms": 84, "reached_rev": 7180
            }]
        }),
    )),
)]
pub(super) async fn show(State(state): State<AppState>) -> Result<Response, HttpError> {
    if !state.engine.mirror().is_full() {
        return Err(HttpError::not_ready());
    }
    let world = state.engine.mirror().world();
    Ok(Json(WorldReport::from(&world)).into_response())
}
