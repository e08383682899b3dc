//! What the draw needs of the browser.

use super::lookup::LookupResult;
use super::signals::DrawRequest;
use crate::browser::{fetch, text_of};
use leptos::prelude::window;
use protocol::{MaxTwo, Problem};
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use web_sys::{RequestCache, RequestInit, Response};

/// The header that names an answer's round.
const DRAW_ROUND: &str = "draw-round";

/// The outcome of a request.
enum Reply<T> {
    /// The requested state.
    Success(Response, T),
    /// Why it was refused.
    Refused(Problem),
    /// No usable answer.
    Nothing,
}

/// Milliseconds by a monotonic clock.
pub(super) fn page_ms() -> u64 {
    window().performance().map_or(0.0, |clock| clock.now()) as u64
}

/// A random number of milliseconds below that one.
pub(super) fn up_to_ms(most_ms: u32) -> u32 {
    (js_sys::Math::random() * f64::from(most_ms)) as u32
}

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
        Reply::Success(response, two) => {
            let round = response.headers().get(DRAW_ROUND).ok().flatten();
            let round = round.and_then(|round| round.parse().ok());
            Ok((round.ok_or(DrawRequest::Unreached)?, two))
        }
        Reply::Refused(problem) => Err(DrawRequest::Refused(problem)),
        Reply::Nothing if window().navigator().on_line() => Err(DrawRequest::Unreached),
        Reply::Nothing => Err(DrawRequest::Offline),
    }
}

/// Loads a player.
pub(super) async fn player(id: u64) -> LookupResult {
    match get(&format!("/api/players/{id}")).await {
        Reply::Success(_, player) => LookupResult::Found(player),
        Reply::Refused(problem) => LookupResult::Refused(problem),
        Reply::Nothing => LookupResult::Unreached,
    }
}

async fn get<T: DeserializeOwned>(path: &str) -> Reply<T> {
    let request = RequestInit::new();
    request.set_cache(RequestCache::NoStore);
    let Some(response) = fetch(path, &request).await else {
        return Reply::Nothing;
    };
    let Some(text) = text_of(&response).await else {
        return Reply::Nothing;
    };
    if response.ok() {
        return match serde_json::from_str(&text) {
            Ok(state) => Reply::Success(response, state),
            Err(_) => Reply::Nothing,
        };
    }
    serde_json::from_str(&text).map_or(Reply::Nothing, Reply::Refused)
}
