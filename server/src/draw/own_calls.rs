//! The visitor's own player over REST. Whoever sends the cookie is the player; that gives no right but to see this.

use super::calls::aged;
use super::own::{self, Set};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{AppendHeaders, IntoResponse, Response};
use protocol::PlayerPoints;
use web::headers::NO_STORE;
use web::visitor::{Sender, Visitor};
use web::{AppState, HttpError};

/// Makes the caller a player.
///
/// The answer sets the cookie `player`, which keeps the number: send it with the other two calls. Whoever has a number keeps
/// it. Once all numbers are taken, they are given again from 1 on.
#[utoipa::path(
    post, path = "/api/draw/player", operation_id = "become_player", tag = "draw",
    responses((
        status = 200, description = "The player.", body = PlayerPoints,
        headers(
            ("Set-Cookie" = String, description = "`player`, signed, for 400 days."),
            ("Cache-Control" = String, description = "`no-store`"),
            ("Age" = Option<u64>, description = "Seconds since Redis last answered, while it is unavailable."),
        ),
        example = json!({ "id": 17, "points": 73, "round": 812, "could_be_drawn": true }),
    )),
)]
pub(super) async fn join(
    State(state): State<AppState>,
    Sender(visitor): Sender,
) -> Result<Response, HttpError> {
    // Without them, the number would be lost.
    state.keys()?;
    let player = own::join(&state, &visitor).await?;
    let set = own::keep(&state, player.id.into())?;
    Ok(answer(&state, set, player))
}

/// Shows the caller's own player.
///
/// Their points, and whether these are above the round's secret minimum, so that they could be drawn. Without the cookie
/// `player`, or with the number of a player whom the round does not have: 404.
#[utoipa::path(
    get, path = "/api/draw/player", operation_id = "show_own_player", tag = "draw",
    responses((
        status = 200, description = "The player.", body = PlayerPoints,
        headers(
            ("Cache-Control" = String, description = "`no-store`"),
            ("Age" = Option<u64>, description = "Seconds since Redis last answered, while it is unavailable."),
        ),
        example = json!({ "id": 17, "points": 73, "round": 812, "could_be_drawn": false }),
    )),
)]
pub(super) async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
) -> Result<Response, HttpError> {
    let number = own::number(&state, &visitor.headers).ok_or_else(own::none)?;
    let player = own::player(state.engine.draw(), number)?;
    Ok(answer(&state, Set::new(), player))
}

/// Stops being a player.
///
/// The answer removes the cookie. The number is not given to somebody else before all are taken.
#[utoipa::path(
    delete, path = "/api/draw/player", operation_id = "stop_being_player", tag = "draw",
    responses((
        status = 204, description = "The caller is no player.",
        headers(("Set-Cookie" = String, description = "Removes `player`.")),
    )),
)]
pub(super) async fn stop(State(state): State<AppState>, _: Sender) -> Response {
    let removed = AppendHeaders(own::forget(&state));
    (StatusCode::NO_CONTENT, removed).into_response()
}

fn answer(state: &AppState, set: Set, player: PlayerPoints) -> Response {
    let response = (NO_STORE, AppendHeaders(set), Json(player));
    aged(response.into_response(), state.engine.draw())
}
