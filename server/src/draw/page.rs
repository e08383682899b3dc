//! The draw's page, rendered for each visitor from memory.

use app::Page;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use edge::Draw;
use protocol::{DrawState, PlayerLookup, read_player_id};
use serde::Deserialize;
use web::AppState;
use web::HttpError;
use web::page::{answer, cut, page_state, status};
use web::visitor::Visitor;

/// The query of the draw's page.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Wanted {
    /// The player to look up, as typed.
    #[serde(default)]
    player: String,
    /// Set to draw two players as well.
    ask: Option<String>,
}

impl Wanted {
    /// Whether the page draws two players: a lookup alone does not.
    fn is_query(&self) -> bool {
        self.ask.is_some() || self.player.trim().is_empty()
    }
}

/// Answers `GET /draw`.
pub(crate) async fn show_draw(
    State(state): State<AppState>,
    visitor: Visitor,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Response, HttpError> {
    // An invalid query asks for nobody.
    let Query(wanted) = wanted.unwrap_or_default();
    let page = page_state(&state.engine)?;
    let draw = state.engine.draw();
    let asked = match wanted.is_query() {
        true => Some(draw.ask()?),
        false => None,
    };
    let lookup = look_up(draw, &wanted.player);
    // Read last, so that nothing above belongs to a newer round or query.
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
    answer(&state, &visitor, Page::Draw(Box::new(shown)), status).await
}

/// The player that was looked up, or why there is none; `None` if nothing was typed.
fn look_up(draw: &Draw, typed: &str) -> Option<PlayerLookup> {
    let typed = typed.trim();
    if typed.is_empty() {
        return None;
    }
    let found = draw.player(read_player_id(typed)).map_err(HttpError::from);
    let (found, problem) = match found {
        Ok(player) => (Some(player), None),
        Err(error) => (None, Some(error.into_shown())),
    };
    let typed = cut(typed);
    Some(PlayerLookup {
        typed,
        found,
        problem,
    })
}
