//! What the draw needs of the browser.

use super::lookup::LookupResult;
use super::signals::DrawRequest;
use leptos::prelude::window;
use live::browser::{fetch, text_of};
use protocol::{MaxTwo, PlayerPoints, Problem, json};
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use web_sys::{RequestCache, RequestInit, Response};

/// The header that names an answer's round.
const DRAW_ROUND: &str = "draw-round";

/// Puts the lookup into the page's address, as the server's form does, so that a reload repeats it.
pub(super) fn put_in_address(typed: &str) {
    let address = match typed {
        "" => "/draw".to_owned(),
        typed => format!("/draw?player={}", js_sys::encode_uri_component(typed)),
    };
    if let Ok(history) = window().history() {
        // Without it, a reload looks up nobody.
        let _changed = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}

/// Draws up to two players; returns them with their round.
pub(super) async fn max_two() -> Result<(u64, MaxTwo), DrawRequest> {
    match get::<MaxTwo>("/api/max-two").await {
        Ok((response, two)) => {
            let round = response.headers().get(DRAW_ROUND).ok().flatten();
            let round = round.and_then(|round| round.parse().ok());
            Ok((round.ok_or(DrawRequest::Unreached)?, two))
        }
        Err(Some(problem)) => Err(DrawRequest::Refused(problem)),
        Err(None) if window().navigator().on_line() => Err(DrawRequest::Unreached),
        Err(None) => Err(DrawRequest::Offline),
    }
}

/// Loads a player.
pub(super) async fn player(id: u64) -> LookupResult {
    found(&format!("/api/players/{id}")).await
}

/// Loads a known player again; the visitor's own by the cookie, as nobody else is told whether they could be drawn.
pub(super) async fn again(known: PlayerPoints) -> LookupResult {
    match known.could_be_drawn {
        Some(_) => found("/api/draw/player").await,
        None => player(known.id.into()).await,
    }
}

async fn found(path: &str) -> LookupResult {
    match get(path).await {
        Ok((_, player)) => LookupResult::Found(player),
        Err(Some(problem)) => LookupResult::Refused(problem),
        Err(None) => LookupResult::Unreached,
    }
}

/// Gets JSON, or why it was refused; neither without a usable answer.
async fn get<T: DeserializeOwned>(path: &str) -> Result<(Response, T), Option<Problem>> {
    let request = RequestInit::new();
    request.set_cache(RequestCache::NoStore);
    let response = fetch(path, &request).await.ok_or(None)?;
    let text = text_of(&response).await.ok_or(None)?;
    if !response.ok() {
        return Err(json::read(&text));
    }
    let state = json::read(&text).ok_or(None)?;
    Ok((response, state))
}
