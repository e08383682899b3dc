//! Every call of the REST API, with all that can go wrong in it.
//!
//! The router and the document are made of the same list, so neither can have a call that the other lacks.

use super::document;
use super::document::{failing, failing_at_once};
use crate::dispatch::{managers as dispatch, ping};
use crate::draw::calls as draw;
use crate::federation::receive as federation;
use crate::health;
use crate::mail::{addresses as address, export, messages as message};
use crate::metrics;
use crate::party::{calls as party, chat as line, participants as participant};
use crate::problem::{HttpError, MailRefusal};
use crate::state::AppState;
use crate::world::{clicks as counter, report as world};
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderValue;
use axum::http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
use axum::middleware::map_response;
use axum::response::Response;
use protocol::{
    CoordinatesError, CursorError, DeviceIdError, MessageTextError, PartyCodeError, RegionCode,
    StepError,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The largest body with a message: 4 KiB of text may be 24 KiB of JSON's escapes, and other fields beside it.
const MESSAGE_BODY_MAX_BYTES: usize = 32 << 10;

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
        .merge(about_the_draw())
        .layer(map_response(for_every_site))
}

fn about_the_draw() -> OpenApiRouter<AppState> {
    let unknown = [HttpError::UnknownPlayer(1_000_000), HttpError::NotReady];
    let known = [HttpError::NotReady];
    OpenApiRouter::new()
        .routes(failing_at_once(routes!(draw::ask), &known))
        .routes(failing_at_once(routes!(draw::player), &unknown))
        .routes(failing_at_once(routes!(draw::show), &known))
}

/// All other calls.
pub(crate) fn ordinary() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(about_the_server())
        .merge(about_the_world())
        .merge(about_parties())
        .merge(about_participants())
        .merge(about_rooms())
        .merge(about_mail())
        .merge(about_federation())
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

fn about_rooms() -> OpenApiRouter<AppState> {
    let say = [
        HttpError::NotInParty,
        HttpError::NotReady,
        MailRefusal::MessageTooLong.into(),
        MailRefusal::TooManyMessages(9).into(),
        MailRefusal::SaidOrNot.into(),
    ];
    let say = failing(routes!(line::say), &say);
    let say = failing(say, &sent(MessageTextError::Empty));
    let read = failing(routes!(line::read), &[bad_query(CursorError)]);
    OpenApiRouter::new()
        .routes(failing(say, &named(PartyCodeError)))
        .layer(DefaultBodyLimit::max(MESSAGE_BODY_MAX_BYTES))
        .routes(failing(read, &named(PartyCodeError)))
}

fn about_mail() -> OpenApiRouter<AppState> {
    let send = [
        HttpError::IdempotencyKey,
        HttpError::NotReady,
        MailRefusal::ReservedAddress.into(),
        MailRefusal::KeyReused.into(),
        MailRefusal::MessageTooLong.into(),
        MailRefusal::TooManyMessages(9).into(),
        MailRefusal::OutboxFull("starlings".into()).into(),
    ];
    let send = failing(routes!(message::send), &send);
    let send = failing(send, &sent(MessageTextError::Empty));
    let claim = [
        MailRefusal::ReservedAddress.into(),
        MailRefusal::AddressTaken.into(),
        MailRefusal::TooManyClaims(9).into(),
    ];
    let claim = failing(routes!(address::claim), &claim);
    let claim = failing(claim, &sent("`address` is missing"));
    let read = [
        bad_query(CursorError),
        HttpError::Origin,
        HttpError::NotReady,
        MailRefusal::NotOwner.into(),
    ];
    let list = failing(routes!(message::list), &read);
    let export = failing(routes!(export::export), &read);
    OpenApiRouter::new()
        .routes(failing(send, &placed(Some(MailRefusal::NotOwner))))
        .layer(DefaultBodyLimit::max(MESSAGE_BODY_MAX_BYTES))
        .routes(failing(claim, &placed(None)))
        .routes(failing(list, &placed(None)))
        .routes(failing(export, &placed(None)))
}

fn about_federation() -> OpenApiRouter<AppState> {
    let receive = [
        HttpError::BadToken,
        HttpError::TooLarge,
        HttpError::Body("It is a JSON object with `messages`.".into()),
        HttpError::TooManyTokens(9),
        HttpError::Away,
    ];
    OpenApiRouter::new()
        .routes(failing(routes!(federation::receive), &receive))
        .layer(DefaultBodyLimit::max(federation::BODY_MAX_BYTES))
        .routes(failing(routes!(federation::show), &[HttpError::NotReady]))
}

/// What every call that names an address may fail with.
fn placed(more: Option<MailRefusal>) -> Vec<HttpError> {
    let unknown = RegionCode::parse("orf").map(|place| MailRefusal::UnknownPlace {
        place,
        near: vec!["ord".into()],
    });
    let always = [
        MailRefusal::AddressElsewhere("starlings".into()),
        MailRefusal::Away,
    ];
    let all = unknown.into_iter().chain(always).chain(more);
    all.map(HttpError::from).collect()
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
