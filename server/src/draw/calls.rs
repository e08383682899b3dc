//! The draw over REST: two players, any player by id, and the public facts of the round.
//!
//! All answers come from memory. Nothing here knows the round's minimum.

use axum::Json;
use axum::extract::State;
use axum::http::header::{ACCESS_CONTROL_EXPOSE_HEADERS, AGE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use edge::Draw;
use protocol::{DrawReport, MaxTwo, PlayerPoints};
use web::AppState;
use web::HttpError;
use web::extract::Path;
use web::headers::NO_STORE;

/// The round of an answer whose body does not name it.
const DRAW_ROUND: HeaderName = HeaderName::from_static("draw-round");
/// What pages of other sites may read beside the two players.
const EXPOSED_OF_TWO: HeaderValue = HeaderValue::from_static("age, draw-round");
/// The same of a player, whose body names the round.
const EXPOSED_OF_PLAYER: HeaderValue = HeaderValue::from_static("age");

/// Shows at most two players.
///
/// Two players with points above the round's secret minimum, picked at random for each answer; one or none if there
/// are no more. `timestamp` is when the previous query was made in any region, as far as this instance knows; null
/// before the first. While Redis is unavailable, the last round is shown, with its `Age`.
#[utoipa::path(
    get, path = "/api/max-two", operation_id = "max_two", tag = "draw",
    responses((
        status = 200, description = "At most two players.", body = MaxTwo,
        headers(
            ("Draw-Round" = u64, description = "The number of the round."),
            ("Age" = Option<u64>, description = "Seconds since Redis last answered, while it is unavailable."),
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
/// Those of the current round. While Redis is unavailable, those of the last known round, with its `Age`.
#[utoipa::path(
    get, path = "/api/players/{id}", operation_id = "show_player", tag = "draw",
    params(("id" = u32, Path, minimum = 1, example = 72, description = "1 to the number of players.")),
    responses((
        status = 200, description = "The player.", body = PlayerPoints,
        headers(
            ("Age" = Option<u64>, description = "Seconds since Redis last answered, while it is unavailable."),
            ("Access-Control-Allow-Origin" = String, description = "`*`"),
            ("Access-Control-Expose-Headers" = String, description = "`age`"),
        ),
        example = json!({ "id": 72, "points": 30, "round": 26532 }),
    )),
)]
pub(crate) async fn player(
    State(state): State<AppState>,
    id: Result<Path<String>, HttpError>,
) -> Result<Response, HttpError> {
    let draw = state.engine.draw();
    // An invalid id belongs to no player, as 0 does.
    let id = id.ok().and_then(|Path(id)| number(&id)).unwrap_or(0);
    let player = draw.player(id)?;
    let mut response = Json(player).into_response();
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_OF_PLAYER);
    Ok(aged(response, draw))
}

/// Shows the round.
///
/// Its number, when it began, when the next is due or how far it is, and how many players have how many points.
#[utoipa::path(
    get, path = "/api/draw", operation_id = "show_draw", tag = "draw",
    responses((
        status = 200, description = "The current round.", body = DrawReport,
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

/// Adds an answer's age while Redis is unavailable (RFC 9111, section 5.1).
pub(super) fn aged(mut response: Response, draw: &Draw) -> Response {
    let age_ms = draw.age_ms();
    if age_ms > 0 {
        response.headers_mut().insert(AGE, seconds(age_ms).into());
    }
    response
}

/// Whole seconds, at least one: an answer with an age is not current.
fn seconds(age_ms: u64) -> u64 {
    (age_ms / 1_000).max(1)
}

/// A number in its canonical form.
fn number(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    (digits && !text.starts_with('0')).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use edge::DrawError;

    #[test]
    fn errors_of_the_draw_have_their_status_and_kind() {
        let not_ready = HttpError::from(DrawError::NotReady).into_problem();
        assert_eq!(
            (not_ready.status, not_ready.kind.as_str()),
            (503, "not-ready")
        );
        let unknown = HttpError::from(DrawError::UnknownPlayer(1_000)).into_problem();
        assert_eq!(
            (unknown.status, unknown.kind.as_str()),
            (404, "unknown-player")
        );
        assert!(unknown.detail.unwrap().contains("1 to 1000"));
        let one = HttpError::from(DrawError::UnknownPlayer(1)).to_string();
        assert!(one.contains("its id is 1"), "{one}");
    }

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
