//! Browser functions that several features use.

use leptos::prelude::{IntervalHandle, document, on_cleanup, set_interval_with_handle, window};
use serde::de::DeserializeOwned;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestCache, RequestInit, Response, Storage};

/// How long a server may take to answer, in milliseconds. It gives up on Redis long before.
const ANSWER_TIMEOUT_MS: u32 = 15_000;

/// Milliseconds since 1970, by the reader's clock.
pub(crate) fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// Whether the page is visible.
pub(crate) fn is_visible() -> bool {
    !document().hidden()
}

/// Runs something at intervals until its page is gone.
pub(crate) fn every(step: Duration, run: impl Fn() + 'static) {
    let timer = set_interval_with_handle(run, step).ok();
    on_cleanup(move || {
        timer.as_ref().map(IntervalHandle::clear);
    });
}

/// Gets JSON from the server.
pub(crate) async fn read<T: DeserializeOwned>(path: &str) -> Option<T> {
    serde_json::from_str(&read_text(path).await?).ok()
}

/// Gets a text from the server.
pub(crate) async fn read_text(path: &str) -> Option<String> {
    let request = RequestInit::new();
    request.set_cache(RequestCache::NoStore);
    let response = fetch(path, &request).await.filter(Response::ok)?;
    text_of(&response).await
}

/// Sends a request; `None` without an answer in time.
pub(crate) async fn fetch(path: &str, request: &RequestInit) -> Option<Response> {
    fetch_within(path, request, ANSWER_TIMEOUT_MS).await
}

/// Likewise, with a timeout in milliseconds.
pub(crate) async fn fetch_within(
    url: &str,
    request: &RequestInit,
    timeout_ms: u32,
) -> Option<Response> {
    request.set_signal(Some(&AbortSignal::timeout_with_u32(timeout_ms)));
    let response = JsFuture::from(window().fetch_with_str_and_init(url, request)).await;
    response.ok()?.dyn_into().ok()
}

/// The text of an answer, if it arrives in full.
pub(crate) async fn text_of(response: &Response) -> Option<String> {
    JsFuture::from(response.text().ok()?)
        .await
        .ok()?
        .as_string()
}

/// Remembers a text for as long as the tab is open; an empty one is deleted.
pub(crate) fn remember(key: &str, text: &str) {
    let Some(storage) = storage() else {
        return;
    };
    // Without storage a reload loses what was typed, as on any page.
    let _remembered = match text {
        "" => storage.remove_item(key),
        text => storage.set_item(key, text),
    };
}

/// What was remembered.
pub(crate) fn remembered(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// What the tab remembers while it is open, if the browser allows it.
pub(crate) fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}
