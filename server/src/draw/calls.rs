//! The draw: at most two of all players, any of them by id, and what anybody may know of the round.
//!
//! All is answered from memory, by the same rules for everyone. Nothing here knows the round's minimum.

use crate::headers::NO_STORE;
use crate::problem::HttpError;
use crate::state::AppState;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::{ACCESS_CONTROL_EXPOSE_HEADERS, AGE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use edge::Draw;
use protocol::{DrawReport, MaxTwo, PlayerPoints};

/// Tells which round an answer is of, where its body has no place for it.
const DRAW_ROUND: HeaderName = HeaderName::from_static("draw-round");
/// What pages of other sites may read beside the body of the two.
const EXPOSED_OF_TWO: HeaderValue = HeaderValue::from_static("age, draw-round");
/// The same of a player, whose body names the round.
const EXPOSED_OF_PLAYER: HeaderValue = HeaderValue::from_static("age");

/// Shows at most two players.
///
/// Any two of those whose points are above the round's hidden minimum: picked at random, anew for each answer. Only
/// one where no other is above it, and none where nobody is. `timestamp` is when the query before this one was made,
/// in whichever region, as far as this instance has heard; null before the first. While Redis is away the last round
/// is shown, with its `Age`.
#[utoipa::path(
    get, path = "/api/max-two", operation_id = "max_two", tag = "draw",
    responses((
        status = 200, description = "At most two players.", body = MaxTwo,
        headers(
            ("Draw-Round" = u64, description = "The number of the round that the points are of."),
            ("Age" = Option<u64>, description = "Seconds since Redis was last heard of, while it is away."),
            ("Cache-Control" = String, description = "`no-store`"),
            ("Access-Control-Allow-Origin" = String, description = "`*`"),
            ("Access-Control-Expose-Headers" = String, description = "`age, draw-round`"),
        ),
        examples(
            ("two" = (summary = "Two of many", value = json!({
                "users": [{ "id": 1, "points": 30 }, { "id": 72, "points": 30 }],
                "timestamp": "2020-07-30 17:09:33"
            }))),
            ("nobody" = (summary = "Nobody yet, asked for the first time", value = json!({
                "users": [], "timestamp": null
            }))),
        ),
    )),
)]
pub(crate) async fn ask(State(state): State<AppState>) -> Result<Response, HttpError> {
    let draw = state.engine.draw();
    let asked = draw.ask()?;
    let mut response = (NO_STORE, Json(&asked.two)).into_response();
    let headers = response.headers_mut();
    headers.insert(DRAW_ROUND, asked.round.into());
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_OF_TWO);
    Ok(aged(response, draw))
}

/// Shows a player's points.
///
/// Those of the running round. While Redis is away they are those of the last one, with its `Age`.
#[utoipa::path(
    get, path = "/api/players/{id}", operation_id = "show_player", tag = "draw",
    params((
        "id" = u32, Path, minimum = 1, example = 72,
        description = "Who: 1 to the round's number of players.",
    )),
    responses((
        status = 200, description = "The player.", body = PlayerPoints,
        headers(
            ("Age" = Option<u64>, description = "Seconds since Redis was last heard of, while it is away."),
            ("Access-Control-Allow-Origin" = String, description = "`*`"),
            ("Access-Control-Expose-Headers" = String, description = "`age`"),
        ),
        example = json!({ "id": 72, "points": 30, "round": 26532 }),
    )),
)]
pub(crate) async fn player(
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, HttpError> {
    let draw = state.engine.draw();
    // What is no id is nobody's, as 0 is.
    let id = id.ok().and_then(|Path(id)| number(&id)).unwrap_or(0);
    let player = draw.player(id)?;
    let mut response = Json(player).into_response();
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_OF_PLAYER);
    Ok(aged(response, draw))
}

/// Tells all that anybody may know of the round.
///
/// Its number, when it began, when the next is due or how far that is, and how many players have how many points.
#[utoipa::path(
    get, path = "/api/draw", operation_id = "show_draw", tag = "draw",
    responses((
        status = 200, description = "The running round.", body = DrawReport,
        example = json!({
            "round": 26532, "players": 14, "started_at": "2026-05-01T18:30:00.041Z",
            "next_at": null, "progress": { "round": 26533, "percent": 40 },
            "histogram": [2, 0, 3, 1, 4, 0, 1, 0, 2, 1, 0], "age_ms": 0
        }),
    )),
)]
pub(crate) async fn show(State(state): State<AppState>) -> Result<Json<DrawReport>, HttpError> {
    Ok(Json(state.engine.draw().report()?))
}

/// Says of an answer how old it is, while Redis is away (RFC 9111, section 5.1).
fn aged(mut response: Response, draw: &Draw) -> Response {
    let age_ms = draw.age_ms();
    if age_ms > 0 {
        response.headers_mut().insert(AGE, seconds(age_ms).into());
    }
    response
}

/// Whole seconds, at least one: an answer that has an age is not of now.
fn seconds(age_ms: u64) -> u64 {
    (age_ms / 1_000).max(1)
}

/// The number that a text is, written in the one way in which we write it.
fn number(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    (digits && !text.starts_with('0')).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_whole_number_written_in_one_way() {
        assert_eq!(number("1"), Some(1));
        assert_eq!(number("1000000"), Some(1_000_000));
        for none in [
            "",
            "0",
            "01",
            "+1",
            "-1",
            " 1",
            "1 ",
            "1.0",
            "1e3",
            "0x1",
            "١",
            "1_000",
            "abc",
            "18446744073709551616",
        ] {
            assert_eq!(number(none), None, "{none}");
        }
    }

    #[test]
    fn an_age_is_in_whole_seconds_and_never_nothing() {
        assert_eq!(
            [1, 999, 1_000, 1_999, 61_000].map(seconds),
            [1, 1, 1, 1, 61]
        );
    }
}
