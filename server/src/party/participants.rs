//! Joining a party, being called something there, and leaving it.

use crate::access::{Caller, ClientAddress};
use crate::extract::body::Body;
use crate::party::calls::person_of;
use crate::party::code_limit::naming;
use crate::party::path::{OfParticipant, OfParty};
use crate::problem::HttpError;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use protocol::{DeviceId, NewParticipant, ParticipantName, PartyCode, PartyJoined};
use serde::Deserialize;
use utoipa::ToSchema;

/// The body of a `PATCH`.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewName {
    /// What the participant is to be called.
    participant_name: ParticipantName,
}

/// Joins a party.
///
/// A device is in one party at a time: it leaves the one that it is in. Who is in already stays so and has the
/// same id, and takes the name where one is given.
#[utoipa::path(
    post, path = "/parties/{party_code}/participants", operation_id = "join_party", tag = "parties",
    params(("party_code" = PartyCode, Path, description = "The party's code.", example = "457495738")),
    request_body(content = NewParticipant, examples(
        ("named" = (summary = "With a name", value = json!({
            "device_id": "c2d81f6e93b70a54", "participant_name": "Finch"
        }))),
        ("nameless" = (summary = "As a guest", value = json!({ "device_id": "c2d81f6e93b70a54" }))),
    )),
    responses(
        (
            status = 201, description = "The device joined.", body = PartyJoined,
            example = json!({ "party_code": "457495738", "participant_id": 1 }),
        ),
        (
            status = 200, description = "The device was in already.", body = PartyJoined,
            example = json!({ "party_code": "457495738", "participant_id": 1 }),
        ),
    ),
)]
pub(crate) async fn join(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    _caller: Caller,
    OfParty(code): OfParty,
    Body(new): Body<NewParticipant>,
) -> Result<(StatusCode, Json<PartyJoined>), HttpError> {
    let person = person_of(&state, &new.device_id).await?;
    let address = state.addresses.of(address);
    let call = async {
        address.may_change_party()?;
        let parties = state.engine.parties();
        let joining = parties.join(code, person, new.participant_name).await;
        joining.map_err(HttpError::from)
    };
    let joining = naming(&state, (&address, Some(person)), code, call).await?;
    let status = match joining.is_new {
        true => StatusCode::CREATED,
        false => StatusCode::OK,
    };
    Ok((status, Json(joining.joined)))
}

/// Renames a participant.
#[utoipa::path(
    patch, path = "/parties/{party_code}/participants/{device_id}", operation_id = "rename_participant",
    tag = "parties",
    params(
        ("party_code" = PartyCode, Path, description = "The party's code.", example = "457495738"),
        ("device_id" = DeviceId, Path, description = "Whose device.", example = "c2d81f6e93b70a54"),
    ),
    request_body(content = NewName, example = json!({ "participant_name": "Goldfinch" })),
    responses((
        status = 200, description = "The participant has that name.", body = PartyJoined,
        example = json!({ "party_code": "457495738", "participant_id": 1 }),
    )),
)]
pub(crate) async fn rename(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    _caller: Caller,
    OfParticipant { code, device }: OfParticipant,
    Body(new): Body<NewName>,
) -> Result<Json<PartyJoined>, HttpError> {
    let person = person_of(&state, &device).await?;
    let parties = state.engine.parties();
    let address = state.addresses.of(address);
    let call = async {
        address.may_change_party()?;
        let renamed = parties.rename(code, person, new.participant_name).await;
        renamed.map_err(HttpError::from)
    };
    naming(&state, (&address, Some(person)), code, call).await?;
    // They may have left in between.
    let joined = parties.of(person).await?;
    let joined = joined.filter(|joined| joined.party_code == code);
    joined.map(Json).ok_or(HttpError::NotInParty)
}

/// Leaves a party.
///
/// If the leader left, the longest-standing participant who is online leads, else the longest-standing. The
/// last one out ends the party.
#[utoipa::path(
    delete, path = "/parties/{party_code}/participants/{device_id}", operation_id = "leave_party",
    tag = "parties",
    params(
        ("party_code" = PartyCode, Path, description = "The party's code.", example = "457495738"),
        ("device_id" = DeviceId, Path, description = "Whose device.", example = "c2d81f6e93b70a54"),
    ),
    responses((status = 204, description = "The device left.")),
)]
pub(crate) async fn leave(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    _caller: Caller,
    OfParticipant { code, device }: OfParticipant,
) -> Result<StatusCode, HttpError> {
    let person = person_of(&state, &device).await?;
    let address = state.addresses.of(address);
    let call = state.engine.parties().leave(code, person);
    naming(&state, (&address, Some(person)), code, call).await?;
    Ok(StatusCode::NO_CONTENT)
}
