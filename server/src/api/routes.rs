//! Every call of the REST API, with all that can go wrong in it.
//!
//! The router and the document are made of the same list, so neither can have a call that the other lacks.

use super::document::{failing, failing_at_once};
use super::{counter, dispatch, document, health, participant, party, ping, world};
use crate::metrics;
use crate::problem::HttpError;
use crate::state::AppState;
use axum::http::HeaderValue;
use axum::http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
use axum::middleware::map_response;
use axum::response::Response;
use protocol::{CoordinatesError, DeviceIdError, PartyCodeError, StepError};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Calls that are answered from memory at once: no compression, no timeout, and for pages of every site.
pub(crate) fn quick() -> OpenApiRouter<AppState> {
    let nobody = [
        bad_query(CoordinatesError::Lng),
        HttpError::NoLiveRegion,
        HttpError::NotReady,
    ];
    OpenApiRouter::new()
        .routes(failing_at_once(routes!(dispatch::find), &nobody))
        .routes(failing_at_once(
            routes!(dispatch::list),
            &[HttpError::NotReady],
        ))
        .routes(routes!(ping::ping, ping::ping_options))
        .layer(map_response(for_every_site))
}

/// All other calls.
pub(crate) fn ordinary() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(about_the_server())
        .merge(about_the_world())
        .merge(about_parties())
        .merge(about_participants())
}

fn about_the_server() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(health::healthz))
        .routes(failing(routes!(health::readyz), &[HttpError::NotReady]))
        .routes(routes!(metrics::show))
        .routes(failing(routes!(document::document), &[]))
}

fn about_the_world() -> OpenApiRouter<AppState> {
    let click = [
        HttpError::IdempotencyKey,
        HttpError::TooManyClicks,
        HttpError::Unavailable,
        HttpError::NotReady,
    ];
    let click = failing(routes!(counter::click), &click);
    OpenApiRouter::new()
        .routes(failing(routes!(world::show), &[HttpError::NotReady]))
        .routes(failing(click, &sent(StepError)))
}

fn about_parties() -> OpenApiRouter<AppState> {
    let create = [
        HttpError::TooManyPartyChanges(9),
        HttpError::Away,
        HttpError::NotReady,
    ];
    let create = failing(routes!(party::create), &create);
    let nearby = [
        bad_query(CoordinatesError::Lng),
        HttpError::TooManySearches(9),
        HttpError::Away,
    ];
    OpenApiRouter::new()
        .routes(failing(create, &sent("`lng` comes with `lat`")))
        .routes(failing(routes!(party::nearby), &nearby))
        .routes(failing(routes!(party::show), &named(PartyCodeError)))
        .routes(failing(
            routes!(party::participants),
            &named(PartyCodeError),
        ))
}

fn about_participants() -> OpenApiRouter<AppState> {
    let full = [
        HttpError::PartyFull(64),
        HttpError::TooManyPartyChanges(9),
        HttpError::NotReady,
    ];
    let absent = [
        HttpError::NotInParty,
        HttpError::NotReady,
        HttpError::Origin,
    ];
    let join = failing(routes!(participant::join), &full);
    let join = failing(join, &sent(DeviceIdError));
    let rename = failing(routes!(participant::rename), &absent);
    let rename = failing(rename, &[HttpError::TooManyPartyChanges(9)]);
    let rename = failing(rename, &sent("`participant_name` is missing"));
    let leave = failing(routes!(participant::leave), &absent);
    OpenApiRouter::new()
        .routes(failing(join, &named(PartyCodeError)))
        .routes(failing(rename, &named(DeviceIdError)))
        .routes(failing(leave, &named(DeviceIdError)))
}

/// What every call with a body may fail with; the detail is an example.
fn sent(detail: impl ToString) -> [HttpError; 4] {
    [
        HttpError::Origin,
        HttpError::MediaType,
        HttpError::TooLarge,
        HttpError::Body(detail.to_string()),
    ]
}

/// What every call that names a party may fail with; the detail is an example.
fn named(detail: impl ToString) -> [HttpError; 4] {
    [
        HttpError::Path(detail.to_string()),
        HttpError::UnknownParty,
        HttpError::TooManyGuesses(9),
        HttpError::Away,
    ]
}

fn bad_query(detail: impl ToString) -> HttpError {
    HttpError::Query(detail.to_string())
}

/// Lets pages of every site read the answer: it is the same for everyone, and no cookie counts.
async fn for_every_site(mut response: Response) -> Response {
    let everyone = HeaderValue::from_static("*");
    response
        .headers_mut()
        .insert(ACCESS_CONTROL_ALLOW_ORIGIN, everyone);
    response
}
