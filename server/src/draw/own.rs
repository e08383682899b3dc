//! The player whose number a visitor has: kept by a cookie of theirs, and known to nobody else.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use edge::{Draw, DrawError};
use protocol::PlayerPoints;
use web::visitor::Visitor;
use web::{AppState, HttpError, SignedCookie};

/// The cookie that keeps the number.
const COOKIE: SignedCookie = SignedCookie("player");

/// Headers that are added to an answer.
pub(super) type Set = Vec<(HeaderName, HeaderValue)>;

/// The number that a visitor has.
pub(super) fn number(state: &AppState, headers: &HeaderMap) -> Option<u64> {
    COOKIE.read(state, headers)?.parse().ok()
}

/// Makes a browser keep a number, for as long again as one it has.
pub(super) fn keep(state: &AppState, number: u64) -> Result<Set, HttpError> {
    COOKIE.set(state, &number.to_string())
}

/// Makes a browser forget its number.
pub(crate) fn forget(state: &AppState) -> Set {
    COOKIE.remove(state)
}

/// The player of that number.
///
/// # Errors
/// If the round has fewer players.
pub(super) fn player(draw: &Draw, number: u64) -> Result<PlayerPoints, HttpError> {
    draw.own_player(number).map_err(|error| match error {
        DrawError::UnknownPlayer(players) => beyond(players),
        error => error.into(),
    })
}

/// Makes a visitor a player: the one they are, or else the next, in all regions. It takes effect once they keep the number.
pub(super) async fn join(state: &AppState, visitor: &Visitor) -> Result<PlayerPoints, HttpError> {
    let draw = state.engine.draw();
    if let Some(number) = number(state, &visitor.headers) {
        match draw.own_player(number) {
            Err(DrawError::UnknownPlayer(_)) => {}
            known => return Ok(known?),
        }
    }
    visitor.address.creations.take_one().map_err(too_many)?;
    let number = draw.give_number().await?;
    player(draw, number.into())
}

/// The visitor has no number.
pub(super) fn none() -> HttpError {
    HttpError::new(404, "no-number", "You are not a player")
        .with_detail("Become one to get a number of your own.")
}

/// The number is of an earlier round, which had more players.
fn beyond(players: u32) -> HttpError {
    let detail = match players {
        1 => "It has one player.".to_owned(),
        players => format!("It has {players} players."),
    };
    HttpError::new(404, "number-beyond", "Your number is not in this round")
        .with_detail(detail + " Become a player again to get a new number.")
}

fn too_many(seconds: u32) -> HttpError {
    let reason = "Too many players joined from this network.";
    HttpError::too_many("too-many-players", "Too many players", seconds, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_ones_own_player_have_their_status_and_kind() {
        for (error, status, kind) in [
            (none(), 404, "no-number"),
            (beyond(10), 404, "number-beyond"),
            (too_many(9), 429, "too-many-players"),
        ] {
            let problem = error.into_problem();
            assert_eq!((problem.status, problem.kind.as_str()), (status, kind));
        }
        assert!(beyond(1).to_string().contains("one player."));
        assert!(beyond(10).to_string().contains("10 players."));
    }
}
