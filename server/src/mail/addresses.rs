//! Claiming a mail address, renewing its token, and giving it back.

use super::auth::Writing;
use super::problem::{address, too_many_claims};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use edge::MailToken;
use protocol::{AddressClaimed, MailAddress, NewAddress};
use serde::Deserialize;
use utoipa::IntoParams;
use web::AppState;
use web::HttpError;
use web::extract::{Json, Path};
use web::headers::{NO_STORE, NoStore};
use web::rate::memory;
use web::visitor::Sender;

/// A path that names a mail address.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct AddressPath {
    /// The address.
    #[param(example = "ord-wren")]
    address: MailAddress,
}

/// Claims an address.
///
/// From then on, only the token's holder can read its mailbox and send from it. Earlier mail is deleted. The token is
/// returned only once. The names `postmaster` and `echo` are the servers'. A claim expires after 400 days without use, and after seven if the address was never used.
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
    Ok(shown_once(state.engine.mail().claim(asked).await?))
}

/// Replaces an address's token.
///
/// For the bearer of the present token, or for a page of the person who claimed it. The present token, if there is one, ends
/// at once in every region. The new one is returned only once: if the answer is lost, only the browser in which the address
/// was claimed can get another.
#[utoipa::path(
    post, path = "/api/addresses/{address}/token", operation_id = "renew_token", tag = "mail",
    security(("mail_token" = [])),
    params(AddressPath),
    responses((
        status = 201, description = "The new token.", body = AddressClaimed,
        headers(("Cache-Control" = String, description = "`no-store`")),
        example = json!({
            "address": "ord-wren", "token": "mail_9tKc3rEo5pLg7dTi9fMa2vBsNxC4hXb1uJz6sVw0yQn"
        }),
    )),
)]
pub(super) async fn renew_token(
    State(state): State<AppState>,
    Sender(sender): Sender,
    Writing(proof): Writing,
    Path(path): Path<AddressPath>,
) -> Result<impl IntoResponse, HttpError> {
    sender.address.claims.take_one().map_err(too_many_claims)?;
    let mail = state.engine.mail();
    Ok(shown_once(mail.renew_token(path.address, &proof).await?))
}

/// Gives an address back.
///
/// Its mailbox is emptied, and its token ends. For 30 days, only the person who gave it back may claim it again; who held it
/// by a token alone may not.
#[utoipa::path(
    delete, path = "/api/addresses/{address}", operation_id = "give_address_back", tag = "mail",
    security(("mail_token" = [])),
    params(AddressPath),
    responses((status = 204, description = "The address is given back.")),
)]
pub(super) async fn give_back(
    State(state): State<AppState>,
    Writing(proof): Writing,
    Path(path): Path<AddressPath>,
) -> Result<StatusCode, HttpError> {
    state.engine.mail().give_back(path.address, &proof).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The answer with a new token.
fn shown_once((address, token): (MailAddress, MailToken)) -> (StatusCode, NoStore<AddressClaimed>) {
    let token = token.expose().to_owned();
    let claimed = AddressClaimed { address, token };
    (StatusCode::CREATED, (NO_STORE, axum::Json(claimed)))
}
