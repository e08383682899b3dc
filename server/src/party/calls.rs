//! Creating, finding and showing parties over REST.
//!
//! The device id in the body or the path says who acts: whoever knows it may act for the device, so no cookie is
//! read. No answer or log contains one.

use super::problem::too_many_searches;
use super::{PartyPath, naming};
use super::{actions, nearby_cache};
use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderName, StatusCode};
use edge::PartyPlan;
use protocol::{Coordinates, NearbyParty, NewParty, Party, PartyCode, PartyCreated};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;
use web::AppState;
use web::HttpError;
use web::extract::{Json, Path, Query, bounded};
use web::visitor::{Actor, Sender, Visitor};

/// The default search radius, in kilometres.
const RADIUS_KM: f64 = 50.0;
/// Half the Earth's circumference, rounded up: everything is within it.
const RADIUS_MAX_KM: f64 = 20_037.0;
/// How many nearby parties are returned by default.
const LIMIT: usize = 20;
/// How many nearby parties are returned at most.
const LIMIT_MAX: usize = 100;

/// A search for nearby parties.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct NearbyQuery {
    /// Degrees north.
    #[param(minimum = -90, maximum = 90, example = 52.52)]
    lat: f64,
    /// Degrees east.
    #[param(minimum = -180, maximum = 180, example = 13.4)]
    lng: f64,
    /// The search radius in kilometres; 50 by default.
    #[param(minimum = 0, maximum = 20037, example = 50, nullable = false)]
    radius_km: Option<f64>,
    /// How many parties to return at most; 20 by default.
    #[param(minimum = 1, maximum = 100, example = 20, nullable = false)]
    limit: Option<usize>,
}

/// Creates a party.
///
/// The device becomes its host. A device is in one party at a time: it leaves its current one. Without `lat` and
/// `lng`, the party is at the serving region.
#[utoipa::path(
    post, path = "/parties", operation_id = "create_party", tag = "parties",
    request_body(content = NewParty, examples(
        ("somewhere" = (summary = "At a place", value = json!({
            "device_id": "5b9e0c47a1d2f386", "participant_name": "Wren", "lat": 52.52, "lng": 13.4
        }))),
        ("hidden" = (summary = "Hidden, where the server is", value = json!({
            "device_id": "5b9e0c47a1d2f386", "listed": false
        }))),
    )),
    responses((
        status = 201, description = "The party was created.", body = PartyCreated,
        headers(("Location" = String, description = "The party's path.")),
        example = json!({ "party_code": "457495738", "participant_id": 0, "region": "fra" }),
    )),
)]
pub(super) async fn create(
    State(state): State<AppState>,
    sender: Sender,
    Json(new): Json<NewParty>,
) -> Result<
    (
        StatusCode,
        [(HeaderName, String); 1],
        axum::Json<PartyCreated>,
    ),
    HttpError,
> {
    let plan = PartyPlan {
        at: place(&new, &state)?,
        listed: new.listed.unwrap_or(true),
        name: new.participant_name,
    };
    let actor = Actor::of_device(&state, &sender, &new.device_id)?;
    let created = actions::create(&actor, plan).await?;
    let location = format!("/parties/{}", created.party_code);
    let head = [(LOCATION, location)];
    Ok((StatusCode::CREATED, head, axum::Json(created)))
}

/// Finds parties nearby.
///
/// Listed parties within a radius, closest first, at most one second old. All locations are rounded to about a
/// kilometre, including the one in the query.
#[utoipa::path(
    get, path = "/parties", operation_id = "nearby_parties", tag = "parties",
    params(NearbyQuery),
    responses((
        status = 200, description = "The parties, closest first.", body = Vec<NearbyParty>,
        example = json!([{
            "party_code": "457495738", "distance_km": 1.2, "participant_count": 4, "leader_name": "Wren",
            "region": "fra", "lat": 52.51, "lng": 13.39
        }]),
    )),
)]
pub(super) async fn nearby(
    State(state): State<AppState>,
    visitor: Visitor,
    Query(query): Query<NearbyQuery>,
) -> Result<axum::Json<Arc<[NearbyParty]>>, HttpError> {
    let from = Coordinates::new(query.lat, query.lng);
    let from = from.map_err(|error| HttpError::bad_query(error.to_string()))?;
    let radius_km = bounded("radius_km", query.radius_km, RADIUS_KM, 0.0..=RADIUS_MAX_KM)?;
    let limit = bounded("limit", query.limit, LIMIT, 1..=LIMIT_MAX)?;
    let searches = visitor.address.party_searches.take_one();
    searches.map_err(too_many_searches)?;
    Ok(axum::Json(
        nearby_cache::nearby(&state, from, (radius_km, limit)).await?,
    ))
}

/// Shows a party.
///
/// Anyone who knows the code can see its participants.
#[utoipa::path(
    get, path = "/parties/{party_code}", operation_id = "show_party", tag = "parties",
    params(PartyPath),
    responses((
        status = 200, description = "The party.", body = Party,
        example = json!({
            "party_code": "457495738", "rev": 3, "region": "fra", "lat": 52.52, "lng": 13.4, "listed": true,
            "created_at": "2026-05-01T18:30:00Z", "limit": 64, "participants": [{
                "participant_id": 0, "participant_name": "Wren", "is_leader": true, "online": true, "region": "ord", "message_ms": 9,
                "joined_at": "2026-05-01T18:30:00Z"
            }]
        }),
    )),
)]
pub(super) async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(PartyPath { party_code }): Path<PartyPath>,
) -> Result<axum::Json<Party>, HttpError> {
    Ok(axum::Json(look(&state, &visitor, party_code).await?))
}

/// Looks a party up. No cookie counts: the code is all that programs need.
pub(super) async fn look(
    state: &AppState,
    visitor: &Visitor,
    code: PartyCode,
) -> Result<Party, HttpError> {
    let call = state.engine.parties().show(code);
    Ok(naming(state, (&visitor.address, None), code, call).await?)
}

/// Where a new party is: where its body says, or at the serving region.
fn place(new: &NewParty, state: &AppState) -> Result<Coordinates, HttpError> {
    let place = match (new.lat, new.lng) {
        (Some(lat), Some(lng)) => Coordinates::new(lat, lng),
        (Some(_), None) => return Err(HttpError::bad_body("`lng` is required with `lat`.")),
        (None, Some(_)) => return Err(HttpError::bad_body("`lat` is required with `lng`.")),
        (None, None) => return state.coordinates(),
    };
    place.map_err(|error| HttpError::bad_body(error.to_string()))
}
