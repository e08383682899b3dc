//! The page of the draw: rendered for each visitor, from memory.

use crate::page::answer::{answer, cut, page, status};
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
    /// Set where they ask for two players beside that.
    ask: Option<String>,
}

impl Wanted {
    /// Whether the page is a query: who only looks somebody up changes nothing else by it.
    fn is_query(&self) -> bool {
        self.ask.is_some() || self.player.trim().is_empty()
    }
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
    let asked = match wanted.is_query() {
        true => Some(draw.ask()?),
        false => None,
    };
    let lookup = look_up(draw, &wanted.player);
    // Read last: so nothing above is of a round, or a query, that the news does not know.
    let news = draw.news()?;
    let problem = lookup.as_ref().and_then(|lookup| lookup.problem.as_ref());
    let status = status(problem);
    let shown = DrawState {
        page,
        round: asked
            .as_ref()
            .map_or(news.report.round, |asked| asked.round),
        two: asked.map(|asked| asked.two),
        news,
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
