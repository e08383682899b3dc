//! Claiming a mail address.

use super::problem::{address, too_many_claims};
use crate::error::HttpError;
use crate::extract::Json;
use crate::headers::{NO_STORE, NoStore};
use crate::rate::memory;
use crate::state::AppState;
use crate::visitor::Sender;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use protocol::{AddressClaimed, NewAddress};

/// Claims an address.
///
/// From then on, only the token's holder can read its mailbox and send from it. Earlier mail is deleted. The token is
/// returned only once. A claim expires after 400 days without use, and after seven if the address was never used.
#[utoipa::path(
    post, path = "/api/addresses", operation_id = "claim_address", tag = "mail",
    request_body(content = NewAddress, example = json!({ "address": "ord-wren" })),
    responses((
        status = 201, description = "The address is claimed.", body = AddressClaimed,
        headers(("Cache-Control" = String, description = "`no-store`")),
        example = json!({
            "address": "ord-wren", "token": "mail_4hXb1uJz6sVw0yQn8tKc3rEo5pLg7dTi9fMa2vBsNxC"
        }),
    )),
)]
pub(super) async fn claim(
    State(state): State<AppState>,
    Sender(sender): Sender,
    Json(new): Json<NewAddress>,
) -> Result<impl IntoResponse, HttpError> {
    let asked = address("address", &new.address)?;
    sender.address.claims.take_one().map_err(too_many_claims)?;
    memory::leave(&state, &sender.address, memory::CLAIM)?;
    let (address, token) = state.engine.mail().claim(asked).await?;
    let token = token.expose().to_owned();
    let claimed = AddressClaimed { address, token };
    let claimed: NoStore<_> = (NO_STORE, axum::Json(claimed));
    Ok((StatusCode::CREATED, claimed))
}
