//! What dispatch needs of the browser.

use leptos::prelude::{document, window};
use live::browser::{fetch_within, storage, text_of};
use protocol::json;
use serde::de::DeserializeOwned;
use web_sys::{
    RequestCache, RequestCredentials, RequestInit, RequestMode, Response, UrlSearchParams,
};

/// How long a server may take to answer anything else, in milliseconds.
const READ_TIMEOUT_MS: u32 = 5_000;
/// Remembers in the tab that the page once moved to another region by itself.
const SENT_KEY: &str = "murmuration-sent";

/// The round trip of an empty answer; `None` where it does not come in time.
pub(super) async fn ping(url: &str, timeout_ms: u32) -> Option<u64> {
    let begun = now();
    let response = get(&format!("{url}/ping"), timeout_ms).await?;
    let trip = now() - begun;
    response.ok().then_some((trip + 0.5) as u64)
}

/// Gets JSON from a server of any region.
pub(super) async fn read<T: DeserializeOwned>(url: &str) -> Option<T> {
    let response = get(url, READ_TIMEOUT_MS).await?;
    if !response.ok() {
        return None;
    }
    json::read(&text_of(&response).await?)
}

async fn get(url: &str, timeout_ms: u32) -> Option<Response> {
    let request = RequestInit::new();
    request.set_mode(RequestMode::Cors);
    request.set_cache(RequestCache::NoStore);
    request.set_credentials(RequestCredentials::Omit);
    fetch_within(url, &request, timeout_ms).await
}

fn now() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

/// Goes to another page, which replaces this one in the tab's history.
pub(crate) fn go(address: &str) {
    // If the browser forbids it, there are still links.
    let _gone = window().location().replace(address);
}

/// Whether the visitor is in a field, perhaps about to type.
pub(super) fn is_in_field() -> bool {
    let active = document().active_element();
    active.is_some_and(|element| element.matches("input, textarea").unwrap_or_default())
}

/// Whether this tab was moved once already. Without storage it counts as moved.
pub(super) fn was_sent() -> bool {
    let known = storage().is_none_or(|storage| !matches!(storage.get_item(SENT_KEY), Ok(None)));
    let arrived = window()
        .location()
        .search()
        .ok()
        .and_then(|search| UrlSearchParams::new_with_str(&search).ok())
        .is_some_and(|fields| fields.has("sent"));
    if arrived {
        remember_sent();
    }
    known || arrived
}

/// Remembers that this tab was moved; false without storage.
pub(super) fn remember_sent() -> bool {
    storage().is_some_and(|storage| storage.set_item(SENT_KEY, "1").is_ok())
}
