//! Parties over REST.
//!
//! Who acts is said by the device's id in the body or the path: whoever knows it may act for the device, so
//! no cookie is read. Nothing that goes out or into a log holds one.

use crate::access::{Caller, ClientAddress};
use crate::extract::body::Body;
use crate::extract::query::Query;
use crate::party::code_limit::naming;
use crate::party::path::OfParty;
use crate::problem::HttpError;
use crate::state::AppState;
use crate::visitor_cookie;
use axum::Json;
use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderName, StatusCode, Uri};
use edge::{PartyPlan, PersonId};
use protocol::{
    Coordinates, CoordinatesError, DeviceId, NearbyParty, NewParty, Participant, Party, PartyCode,
    PartyCreated,
};
use std::net::IpAddr;
use std::sync::Arc;

/// How far nearby is, in kilometres, where nothing else is asked for.
const RADIUS_KM: f64 = 50.0;
/// Half the Earth's circumference, and a little: everything is within it.
const RADIUS_MAX_KM: f64 = 20_037.0;
/// How many nearby parties are told where nothing else is asked for.
const LIMIT: usize = 20;
/// How many nearby parties are told at most.
const LIMIT_MAX: usize = 100;

/// Creates a party.
///
/// The device leads it. A device is in one party at a time: it leaves the one that it is in. Without `lat` and
/// `lng`, the party is where the serving region is.
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
        headers(("Location" = String, description = "Where the party is.")),
        example = json!({ "party_code": "457495738", "participant_id": 0, "region": "fra" }),
    )),
)]
pub(crate) async fn create(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    _caller: Caller,
    Body(new): Body<NewParty>,
) -> Result<(StatusCode, [(HeaderName, String); 1], Json<PartyCreated>), HttpError> {
    let at = place(&new, &state)?;
    state.addresses.of(address).may_change_party()?;
    let person = person_of(&state, &new.device_id).await?;
    let plan = PartyPlan {
        name: new.participant_name,
        at,
        listed: new.listed.unwrap_or(true),
    };
    let created = state.engine.parties().create(person, plan).await?;
    let location = format!("/parties/{}", created.party_code);
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(created)))
}

/// Finds parties nearby.
///
/// The listed ones within a radius, closest first, as they were a second ago at most. Places are rounded to
/// about a kilometre, also the one that is asked about: distances are from there.
#[utoipa::path(
    get, path = "/parties", operation_id = "nearby_parties", tag = "parties",
    params(
        ("lat" = f64, Query, minimum = -90, maximum = 90, example = 52.52, description = "Degrees north."),
        ("lng" = f64, Query, minimum = -180, maximum = 180, example = 13.4, description = "Degrees east."),
        (
            "radius_km" = Option<f64>, Query, minimum = 0, maximum = 20037, example = 50,
            description = "How far away they may be, in kilometres; 50 where it is missing.",
        ),
        (
            "limit" = Option<u32>, Query, minimum = 1, maximum = 100, example = 20,
            description = "How many are told at most; 20 where it is missing.",
        ),
    ),
    responses((
        status = 200, description = "The parties, closest first.", body = Vec<NearbyParty>,
        example = json!([{
            "party_code": "457495738", "distance_km": 1.2, "participant_count": 4, "leader_name": "Wren",
            "region": "fra", "lat": 52.51, "lng": 13.39
        }]),
    )),
)]
pub(crate) async fn nearby(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    uri: Uri,
) -> Result<Json<Arc<[NearbyParty]>>, HttpError> {
    let query = Query::of(&uri);
    let from = query.place()?;
    let radius_km = query.number("radius_km", RADIUS_KM, 0.0..=RADIUS_MAX_KM)?;
    let limit = query.number("limit", LIMIT, 1..=LIMIT_MAX)?;
    state.addresses.of(address).may_search_parties()?;
    Ok(Json(state.nearby(from, radius_km, limit).await?))
}

/// Shows a party.
///
/// Who knows the code may see who is in.
#[utoipa::path(
    get, path = "/parties/{party_code}", operation_id = "show_party", tag = "parties",
    params(("party_code" = PartyCode, Path, description = "The party's code.", example = "457495738")),
    responses((
        status = 200, description = "The party.", body = Party,
        example = json!({
            "party_code": "457495738", "rev": 3, "region": "fra", "lat": 52.52, "lng": 13.4, "listed": true,
            "created_at": "2026-05-01T18:30:00Z", "limit": 64, "participants": [{
                "participant_id": 0, "participant_name": "Wren", "is_leader": true, "online": true,
                "joined_at": "2026-05-01T18:30:00Z"
            }]
        }),
    )),
)]
pub(crate) async fn show(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    OfParty(code): OfParty,
) -> Result<Json<Party>, HttpError> {
    Ok(Json(look(&state, address, code).await?))
}

/// Lists who is in a party.
///
/// In the order in which they joined.
#[utoipa::path(
    get, path = "/parties/{party_code}/participants", operation_id = "list_participants", tag = "parties",
    params(("party_code" = PartyCode, Path, description = "The party's code.", example = "457495738")),
    responses((
        status = 200, description = "Who is in.", body = Vec<Participant>,
        example = json!([
            {
                "participant_id": 0, "participant_name": "Wren", "is_leader": true, "online": true,
                "joined_at": "2026-05-01T18:30:00Z"
            },
            {
                "participant_id": 1, "participant_name": "Guest 1", "is_leader": false, "online": false,
                "joined_at": "2026-05-01T18:31:00Z"
            }
        ]),
    )),
)]
pub(crate) async fn participants(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    OfParty(code): OfParty,
) -> Result<Json<Vec<Participant>>, HttpError> {
    Ok(Json(look(&state, address, code).await?.participants))
}

/// The person who holds a device.
pub(crate) async fn person_of(state: &AppState, device: &DeviceId) -> Result<PersonId, HttpError> {
    Ok(visitor_cookie::key(state).await?.identity.person(device))
}

/// Looks at a party; nobody says who they are.
async fn look(state: &AppState, address: IpAddr, code: PartyCode) -> Result<Party, HttpError> {
    let address = state.addresses.of(address);
    let call = state.engine.parties().show(code);
    naming(state, (&address, None), code, call).await
}

/// Where a new party is: where its body says, or else in the serving region.
fn place(new: &NewParty, state: &AppState) -> Result<Coordinates, HttpError> {
    let wrong = |error: CoordinatesError| HttpError::Body(error.to_string());
    match (new.lat, new.lng) {
        (Some(lat), Some(lng)) => Coordinates::new(lat, lng).map_err(wrong),
        (Some(_), None) => Err(HttpError::Body("`lng` comes with `lat`".into())),
        (None, Some(_)) => Err(HttpError::Body("`lat` comes with `lng`".into())),
        (None, None) => {
            let own = state.engine.place();
            Coordinates::new(own.lat, own.lng).map_err(|_| HttpError::Internal)
        }
    }
}
