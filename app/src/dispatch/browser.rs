//! What dispatch needs of the browser.

use leptos::prelude::{document, window};
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, RequestCache, RequestCredentials, RequestInit, RequestMode, Response, Storage,
    UrlSearchParams,
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
    let text = JsFuture::from(response.text().ok()?).await.ok()?;
    serde_json::from_str(&text.as_string()?).ok()
}

async fn get(url: &str, timeout_ms: u32) -> Option<Response> {
    let request = RequestInit::new();
    request.set_mode(RequestMode::Cors);
    request.set_cache(RequestCache::NoStore);
    request.set_credentials(RequestCredentials::Omit);
    request.set_signal(Some(&AbortSignal::timeout_with_u32(timeout_ms)));
    let response = JsFuture::from(window().fetch_with_str_and_init(url, &request)).await;
    response.ok()?.dyn_into().ok()
}

fn now() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

/// Whether the page is visible.
pub(super) fn is_seen() -> bool {
    !document().hidden()
}

/// Goes to another page, which replaces this one in the tab's history.
pub(crate) fn go(address: &str) {
    // If the browser forbids it, there are still links.
    let _gone = window().location().replace(address);
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

fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}
