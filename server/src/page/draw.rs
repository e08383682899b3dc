//! The page of the draw: asked anew for each visitor, from memory.

use super::answer::{answer, cut, page, status};
use crate::problem::HttpError;
use crate::state::AppState;
use app::Page;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use edge::Draw;
use protocol::{DrawState, PlayerLookup, read_player_id};
use serde::Deserialize;

/// What a visitor of the draw asks for.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Wanted {
    /// Whom they look up, as they typed it.
    #[serde(default)]
    player: String,
}

/// Answers `GET /draw`.
pub(crate) async fn show_draw(
    State(state): State<AppState>,
    headers: HeaderMap,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Response, HttpError> {
    // What cannot be read asks for nobody.
    let Query(wanted) = wanted.unwrap_or_default();
    let page = page(&state)?;
    let draw = state.engine.draw();
    let asked = draw.ask()?;
    let lookup = look_up(draw, &wanted.player);
    // Read last: so nothing above is of a round, or a query, that the news does not know.
    let news = draw.news()?;
    let problem = lookup.as_ref().and_then(|lookup| lookup.problem.as_ref());
    let status = status(problem);
    let shown = DrawState {
        page,
        news,
        round: asked.round,
        two: asked.two,
        lookup,
    };
    answer(&state, &headers, Page::Draw(Box::new(shown)), status).await
}

/// The player whom a text names, or why there is none. Nothing where nothing was typed.
fn look_up(draw: &Draw, typed: &str) -> Option<PlayerLookup> {
    let typed = typed.trim();
    if typed.is_empty() {
        return None;
    }
    let found = draw.player(read_player_id(typed)).map_err(HttpError::from);
    let (found, problem) = match found {
        Ok(player) => (Some(player), None),
        Err(error) => (None, Some(error.problem())),
    };
    let typed = cut(typed);
    Some(PlayerLookup {
        typed,
        found,
        problem,
    })
}
