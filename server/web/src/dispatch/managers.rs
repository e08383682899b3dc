//! Where visitors are sent.

use crate::error::HttpError;
use crate::extract::{Query, bounded};
use crate::state::AppState;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use protocol::{Coordinates, Manager, ManagerFound};
use serde::Deserialize;
use utoipa::IntoParams;

/// Makes Fly.io's proxy replay the request in another region.
const FLY_REPLAY: HeaderName = HeaderName::from_static("fly-replay");

/// Set by Fly.io's proxy on a request that it replayed. It replays no request twice.
const FLY_REPLAY_SRC: HeaderName = HeaderName::from_static("fly-replay-src");

/// Finds the nearest available region.
///
/// By great-circle distance. Of two of its instances picked at random, returns the one with fewer connections.
/// Pages of every site may ask.
#[utoipa::path(
    get, path = "/managers/find", operation_id = "find_manager", tag = "dispatch",
    params(FindQuery),
    responses((
        status = 200, description = "An instance of the nearest available region.", body = ManagerFound,
        headers(("fly-replay" = Option<String>, description = "`region=CODE`, where it was requested.")),
        example = json!({
            "hostname": "fra.murmuration.example", "url": "https://fra.murmuration.example",
            "region": "fra", "city": "Frankfurt", "distance_km": 433.1
        }),
    )),
)]
pub(crate) async fn find(
    State(state): State<AppState>,
    headers: HeaderMap,
    Query(FindQuery { lat, lng, replay }): Query<FindQuery>,
) -> Result<Response, HttpError> {
    let from = Coordinates::new(lat, lng);
    let from = from.map_err(|error| HttpError::bad_query(error.to_string()))?;
    let replay = bounded("replay", replay, 0, 0..=1)? == 1 && !headers.contains_key(FLY_REPLAY_SRC);
    let found = state.engine.find_manager(from);
    let found = found.ok_or_else(|| nobody(&state))?;
    let region = HeaderValue::try_from(format!("region={}", found.region));
    let mut response = axum::Json(found).into_response();
    if replay {
        let region = region.map_err(|error| HttpError::logged(&error))?;
        response.headers_mut().insert(FLY_REPLAY, region);
    }
    Ok(response)
}

/// Lists the available regions.
///
/// Ordered by code, each with its load and the URL of one instance. Pages of every site may ask.
#[utoipa::path(
    get, path = "/managers", operation_id = "list_managers", tag = "dispatch",
    responses((
        status = 200, description = "The available regions.", body = Vec<Manager>,
        example = json!([{
            "region": "fra", "city": "Frankfurt", "lat": 50.03, "lng": 8.57,
            "url": "https://fra.murmuration.example", "instances": 2, "connections": 340
        }]),
    )),
)]
pub(crate) async fn list(
    State(state): State<AppState>,
) -> Result<axum::Json<Vec<Manager>>, HttpError> {
    if !state.engine.mirror().is_full() {
        return Err(HttpError::not_ready());
    }
    Ok(axum::Json(state.engine.managers()))
}

/// Where the visitor is.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FindQuery {
    /// Degrees north.
    #[param(minimum = -90, maximum = 90, example = 52.52)]
    lat: f64,
    /// Degrees east.
    #[param(minimum = -180, maximum = 180, example = 13.4)]
    lng: f64,
    /// `1` requests the header `fly-replay` as well. A request with `fly-replay-src` never gets it.
    #[param(minimum = 0, maximum = 1, example = 1, nullable = false)]
    replay: Option<u8>,
}

fn no_live_region() -> HttpError {
    HttpError::new(404, "no-live-region", "No region is available")
        .with_detail("No server of any region is up. Try again in a few seconds.")
}

/// Why nobody was found: no region is available, or it is unknown yet which are.
fn nobody(state: &AppState) -> HttpError {
    match state.engine.mirror().is_full() {
        true => no_live_region(),
        false => HttpError::not_ready(),
    }
}
