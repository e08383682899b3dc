//! Claiming a mail address.

use crate::access::{Caller, ClientAddress};
use crate::extract::body::{Body, address};
use crate::headers::NO_STORE;
use crate::problem::HttpError;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode};
use protocol::{AddressClaimed, NewAddress};

/// Claims an address.
///
/// From then on only who has the token reads its mailbox and writes from it. What came before is gone. The token
/// is told this once; a claim that is not used for 400 days ends.
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
pub(crate) async fn claim(
    State(state): State<AppState>,
    ClientAddress(caller): ClientAddress,
    _caller: Caller,
    Body(new): Body<NewAddress>,
) -> Result<
    (
        StatusCode,
        [(HeaderName, &'static str); 1],
        Json<AddressClaimed>,
    ),
    HttpError,
> {
    let asked = address("address", &new.address)?;
    state.addresses.of(caller).may_claim()?;
    let (address, token) = state.engine.mail().claim(asked).await?;
    let token = token.expose().to_owned();
    let claimed = AddressClaimed { address, token };
    Ok((StatusCode::CREATED, NO_STORE, Json(claimed)))
}
