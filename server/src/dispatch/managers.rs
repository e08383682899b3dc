//! Where visitors are sent.

use crate::extract::query::Query;
use crate::problem::HttpError;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri};
use axum::response::{IntoResponse, Response};
use protocol::{Manager, ManagerFound};

/// Makes Fly.io's proxy send the request to another region.
const FLY_REPLAY: HeaderName = HeaderName::from_static("fly-replay");

/// Tells, where Fly.io's proxy has sent the request here already, where from. It sends no request twice.
const FLY_REPLAY_SRC: HeaderName = HeaderName::from_static("fly-replay-src");

/// Finds the nearest region that lives.
///
/// Near by great-circle distance. Of two of its instances picked at random, the one with fewer connections is
/// named. Pages of every site may ask.
#[utoipa::path(
    get, path = "/managers/find", operation_id = "find_manager", tag = "dispatch",
    params(
        ("lat" = f64, Query, minimum = -90, maximum = 90, example = 52.52, description = "Degrees north."),
        ("lng" = f64, Query, minimum = -180, maximum = 180, example = 13.4, description = "Degrees east."),
        (
            "replay" = Option<String>, Query, pattern = "^[01]$", example = "1",
            description = "`1` asks for the header `fly-replay` too; a request with `fly-replay-src` gets none.",
        ),
    ),
    responses((
        status = 200, description = "An instance of the nearest region that lives.", body = ManagerFound,
        headers(("fly-replay" = Option<String>, description = "`region=CODE`, where it was asked for.")),
        example = json!({
            "hostname": "fra.murmuration.example", "url": "https://fra.murmuration.example",
            "region": "fra", "city": "Frankfurt", "distance_km": 433.1
        }),
    )),
)]
pub(crate) async fn find(
    State(state): State<AppState>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, HttpError> {
    let query = Query::of(&uri);
    let (from, asked) = (query.place()?, query.switch("replay")?);
    let replay = asked && !headers.contains_key(FLY_REPLAY_SRC);
    let found = state
        .engine
        .find_manager(from)
        .ok_or_else(|| nobody(&state))?;
    let replay = replay.then(|| HeaderValue::try_from(format!("region={}", found.region)));
    let mut response = Json(found).into_response();
    if let Some(region) = replay {
        let region = region.map_err(|_| HttpError::Internal)?;
        response.headers_mut().insert(FLY_REPLAY, region);
    }
    Ok(response)
}

/// Lists the regions that live.
///
/// Ordered by code, each with an instance to go to and with what it carries. Pages of every site may ask.
#[utoipa::path(
    get, path = "/managers", operation_id = "list_managers", tag = "dispatch",
    responses((
        status = 200, description = "The regions that live.", body = Vec<Manager>,
        example = json!([{
            "region": "fra", "city": "Frankfurt", "lat": 50.03, "lng": 8.57,
            "url": "https://fra.murmuration.example", "instances": 2, "connections": 340
        }]),
    )),
)]
pub(crate) async fn list(State(state): State<AppState>) -> Result<Json<Vec<Manager>>, HttpError> {
    if !state.engine.mirror().is_full() {
        return Err(HttpError::NotReady);
    }
    Ok(Json(state.engine.managers()))
}

/// Why nobody was found: nothing lives, or it is not known yet what does.
fn nobody(state: &AppState) -> HttpError {
    match state.engine.mirror().is_full() {
        true => HttpError::NoLiveRegion,
        false => HttpError::NotReady,
    }
}
