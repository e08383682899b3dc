//! The draw's page, rendered for each visitor from memory, and its forms.

use super::own::{self, Set};
use app::Page;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use edge::{Draw, DrawAnswer};
use protocol::{DrawState, PlayerLookup, PlayerPoints, read_player_id};
use serde::Deserialize;
use web::AppState;
use web::HttpError;
use web::page::{answer, cut, page_state, status};
use web::visitor::{Sender, Visitor};

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
    let draw = state.engine.draw();
    let asked = match wanted.is_query() {
        true => Some(draw.ask()?),
        false => None,
    };
    let lookup = look_up(draw, &wanted.player);
    page(&state, &visitor, (asked, lookup), None).await
}

/// Answers `POST /draw/player`: makes the visitor a player.
pub(super) async fn join(
    State(state): State<AppState>,
    Sender(visitor): Sender,
) -> Result<Response, HttpError> {
    let joined = async {
        // A browser that keeps no cookies would take a number with each try.
        visitor.known()?;
        let player = own::join(&state, &visitor).await?;
        own::keep(&state, player.id.into())
    };
    match joined.await {
        Ok(set) => Ok(to_own(set)),
        Err(error) => page(&state, &visitor, (None, None), Some(error)).await,
    }
}

/// Answers `POST /draw/player/stop`: the visitor is a player no longer.
pub(super) async fn stop(State(state): State<AppState>, _: Sender) -> Response {
    to_own(own::forget(&state))
}

/// Answers `GET` for these forms' paths, where a visitor reloads their answers.
pub(super) async fn to_page() -> Redirect {
    Redirect::to("/draw")
}

/// Redirects to the visitor's card on the page.
fn to_own(set: Set) -> Response {
    (AppendHeaders(set), Redirect::to("/draw#own")).into_response()
}

/// The page for a visitor: with what they asked for, and with why they did not become a player.
async fn page(
    state: &AppState,
    visitor: &Visitor,
    (asked, lookup): (Option<DrawAnswer>, Option<PlayerLookup>),
    refused: Option<HttpError>,
) -> Result<Response, HttpError> {
    let draw = state.engine.draw();
    let number = own::number(state, &visitor.headers);
    let found = number.map(|number| own::player(draw, number));
    let set = match (&found, number) {
        // While the keys are unknown, there is none.
        (Some(Ok(_)), Some(number)) => own::keep(state, number)?,
        _ => Set::new(),
    };
    let own = refused.clone().map(Err).or(found);
    // Read last, so that nothing above belongs to a newer round or query.
    let news = draw.news()?;
    let problem = lookup.as_ref().and_then(|lookup| lookup.problem.as_ref());
    let status = refused.map_or_else(|| status(problem), |error| error.status());
    let shown = DrawState {
        page: page_state(&state.engine)?,
        round: asked
            .as_ref()
            .map_or(news.report.round, |asked| asked.round),
        two: asked.map(|asked| asked.two),
        news,
        lookup,
        own: own.map(|own| found_or_not(String::new(), own)),
    };
    let mut response = answer(state, visitor, Page::Draw(Box::new(shown)), status).await?;
    response.headers_mut().extend(set);
    Ok(response)
}

/// The player that was looked up, or why there is none; `None` if nothing was typed.
fn look_up(draw: &Draw, typed: &str) -> Option<PlayerLookup> {
    let typed = typed.trim();
    if typed.is_empty() {
        return None;
    }
    let found = draw.player(read_player_id(typed)).map_err(HttpError::from);
    Some(found_or_not(cut(typed), found))
}

/// A player, or why there is none.
fn found_or_not(typed: String, found: Result<PlayerPoints, HttpError>) -> PlayerLookup {
    let (found, problem) = match found {
        Ok(player) => (Some(player), None),
        Err(error) => (None, Some(error.into_shown())),
    };
    PlayerLookup {
        typed,
        found,
        problem,
    }
}
