//! A party's participants over REST: listing, joining, renaming and leaving.

use super::actions;
use super::calls::look;
use super::{ParticipantPath, PartyPath};
use axum::extract::State;
use axum::http::StatusCode;
use edge::PartyError;
use protocol::{NewParticipant, Participant, ParticipantName, PartyJoined};
use serde::Deserialize;
use utoipa::ToSchema;
use web::AppState;
use web::HttpError;
use web::extract::{Json, Path};
use web::visitor::{Actor, Sender, Visitor};

/// The body of a `PATCH`.
#[derive(Deserialize, ToSchema)]
pub(super) struct NewName {
    /// The participant's new name.
    participant_name: ParticipantName,
}

/// Joins a party.
///
/// A device is in one party at a time: it leaves its current one. A participant who joins again keeps their id, and
/// takes the given name.
#[utoipa::path(
    post, path = "/parties/{party_code}/participants", operation_id = "join_party", tag = "parties",
    params(PartyPath),
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
            status = 200, description = "The device had joined before.", body = PartyJoined,
            example = json!({ "party_code": "457495738", "participant_id": 1 }),
        ),
    ),
)]
pub(super) async fn join(
    State(state): State<AppState>,
    sender: Sender,
    Path(PartyPath { party_code }): Path<PartyPath>,
    Json(new): Json<NewParticipant>,
) -> Result<(StatusCode, axum::Json<PartyJoined>), HttpError> {
    let actor = Actor::of_device(&state, &sender, &new.device_id)?;
    let joining = actions::join(&actor, party_code, new.participant_name).await?;
    let status = match joining.is_new {
        true => StatusCode::CREATED,
        false => StatusCode::OK,
    };
    Ok((status, axum::Json(joining.joined)))
}

/// Renames a participant.
#[utoipa::path(
    patch, path = "/parties/{party_code}/participants/{device_id}", operation_id = "rename_participant",
    tag = "parties",
    params(ParticipantPath),
    request_body(content = NewName, example = json!({ "participant_name": "Goldfinch" })),
    responses((
        status = 200, description = "The participant has that name.", body = PartyJoined,
        example = json!({ "party_code": "457495738", "participant_id": 1 }),
    )),
)]
pub(super) async fn rename(
    State(state): State<AppState>,
    sender: Sender,
    Path(path): Path<ParticipantPath>,
    Json(new): Json<NewName>,
) -> Result<axum::Json<PartyJoined>, HttpError> {
    let actor = Actor::of_device(&state, &sender, &path.device_id)?;
    actions::rename(&actor, path.party_code, new.participant_name).await?;
    // They may have left in between.
    let joined = state.engine.parties().of(actor.person).await?;
    let joined = joined.filter(|joined| joined.party_code == path.party_code);
    joined
        .map(axum::Json)
        .ok_or_else(|| PartyError::NotIn.into())
}

/// Leaves a party.
///
/// If the host leaves, the longest-standing participant who is online becomes the host, or else the
/// longest-standing. The party ends when the last participant leaves.
#[utoipa::path(
    delete, path = "/parties/{party_code}/participants/{device_id}", operation_id = "leave_party",
    tag = "parties",
    params(ParticipantPath),
    responses((status = 204, description = "The device left.")),
)]
pub(super) async fn leave(
    State(state): State<AppState>,
    sender: Sender,
    Path(path): Path<ParticipantPath>,
) -> Result<StatusCode, HttpError> {
    let actor = Actor::of_device(&state, &sender, &path.device_id)?;
    actions::leave(&actor, path.party_code).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists a party's participants.
///
/// In the order in which they joined.
#[utoipa::path(
    get, path = "/parties/{party_code}/participants", operation_id = "list_participants", tag = "parties",
    params(PartyPath),
    responses((
        status = 200, description = "The participants.", body = Vec<Participant>,
        example = json!([
            {
                "participant_id": 0, "participant_name": "Wren", "is_leader": true, "online": true, "region": "ord", "message_ms": 9,
                "joined_at": "2026-05-01T18:30:00Z"
            },
            {
                "participant_id": 1, "participant_name": "Guest 2", "is_leader": false, "online": false, "region": null, "message_ms": null,
                "joined_at": "2026-05-01T18:31:00Z"
            }
        ]),
    )),
)]
pub(super) async fn list(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(PartyPath { party_code }): Path<PartyPath>,
) -> Result<axum::Json<Vec<Participant>>, HttpError> {
    Ok(axum::Json(
        look(&state, &visitor, party_code).await?.participants,
    ))
}
