//! Parties: REST calls, pages with their forms, and chat.
//!
//! REST calls and forms are thin: both end in the same function of [`actions`], and both report its refusals as
//! [`problem`] defines them.

mod actions;
mod calls;
mod card;
mod chat;
mod code_limit;
use code_limit::naming;
mod forms;
mod nearby_cache;
pub(crate) use nearby_cache::NearbyCache;
mod page;
mod page_state;
mod participants;
mod problem;
use problem::PartyRefusal;

use crate::messages::BODY_MAX_BYTES;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use protocol::{DeviceId, PartyCode};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::{AppState, group};

/// A path that names a party.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct PartyPath {
    /// The party's code.
    #[param(example = "457495738")]
    party_code: PartyCode,
}

/// A path that names a party and a participant.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct ParticipantPath {
    /// The party's code.
    #[param(example = "457495738")]
    party_code: PartyCode,
    /// The participant's device.
    #[param(example = "c2d81f6e93b70a54")]
    device_id: DeviceId,
}

/// The REST calls, pages and forms of parties.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    let with_messages = OpenApiRouter::new()
        .routes(routes!(chat::send, chat::read))
        .route(
            "/party/{code}/chat",
            get(forms::to_chat).post(chat::send_from_page),
        )
        .layer(DefaultBodyLimit::max(BODY_MAX_BYTES));
    let about = "Small groups of people from any region, with a host.";
    group("parties", about)
        .routes(routes!(calls::create, calls::nearby))
        .routes(routes!(calls::show))
        .routes(routes!(participants::join, participants::list))
        .routes(routes!(participants::rename, participants::leave))
        .merge(with_messages)
        .route("/party", get(page::show_parties).post(forms::create))
        .route(
            "/party/join",
            get(forms::to_parties).post(forms::join_typed),
        )
        .route("/cards/party/{file}", get(card::show))
        .route("/party/{code}", get(page::show_party))
        .route("/party/{code}/join", get(forms::to_party).post(forms::join))
        .route(
            "/party/{code}/rename",
            get(forms::to_party).post(forms::rename),
        )
        .route(
            "/party/{code}/leave",
            get(forms::to_party).post(forms::leave),
        )
        .route("/party/{code}/messages", get(chat::read_from_page))
        .route("/party/{code}/seen", post(chat::seen_from_page))
}
