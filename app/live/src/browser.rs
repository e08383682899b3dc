//! What pages need of the browser. Effects and events may call it, which run in browsers only: on a server it panics.

use leptos::prelude::{
    Effect, Get, GetUntracked, IntervalHandle, Memo, document, on_cleanup,
    set_interval_with_handle, set_timeout, window, window_event_listener_untyped,
};
use protocol::json;
use serde::de::DeserializeOwned;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, HtmlElement, RequestCache, RequestInit, Response, Storage};

/// How long a server may take to answer, in milliseconds. It gives up on Redis long before.
const ANSWER_TIMEOUT_MS: u32 = 15_000;

/// Remembers in the tab how often, and when last, the page loaded itself anew.
const RELOADS_KEY: &str = "murmuration-reloads";
/// The most times that a page loads itself anew in a row: with its pauses, for a minute.
const RELOADS_MAX: u32 = 6;
/// The time without a reload after which a row ends, in milliseconds.
const CALM_MS: u64 = 300_000;

/// Milliseconds since 1970, by the reader's clock.
pub fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// Milliseconds since the page was loaded, by a clock that never goes back.
pub fn page_ms() -> u64 {
    window().performance().map_or(0.0, |clock| clock.now()) as u64
}

/// Whether the page is visible.
pub fn is_visible() -> bool {
    !document().hidden()
}

/// Runs something each time that somebody comes to look at the page, until it is gone.
pub fn when_looked_at(run: impl Fn() + Copy + 'static) {
    let shown = window_event_listener_untyped("visibilitychange", move |_| run());
    let focused = window_event_listener_untyped("focus", move |_| run());
    on_cleanup(move || {
        shown.remove();
        focused.remove();
    });
}

/// Tells the server something by a `POST` without a body, even if the page is gone before the answer comes; whether it did.
pub async fn tell(path: &str) -> bool {
    let request = RequestInit::new();
    request.set_method("POST");
    keep_alive(&request);
    fetch(path, &request)
        .await
        .is_some_and(|response| response.ok())
}

/// Lets a request outlive its page: what web-sys has no setter for (Fetch Standard, section 5.4).
pub(crate) fn keep_alive(request: &RequestInit) {
    // A property of an object of our own can be set.
    let _set = js_sys::Reflect::set(request, &"keepalive".into(), &JsValue::TRUE);
}

/// The id of the element that has the focus; empty where it has none.
pub fn focused_id() -> String {
    let focused = document().active_element();
    focused.map(|element| element.id()).unwrap_or_default()
}

/// Gives the element with that id the focus.
pub fn focus_on(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // The page works without the focus, too.
        let _focused = element.focus();
    }
}

/// Runs something at intervals until its page is gone.
pub fn every(step: Duration, run: impl Fn() + 'static) {
    let timer = set_interval_with_handle(run, step).ok();
    on_cleanup(move || {
        timer.as_ref().map(IntervalHandle::clear);
    });
}

/// Gets JSON from the server.
pub async fn read<T: DeserializeOwned>(path: &str) -> Option<T> {
    json::read(&read_text(path).await?)
}

/// Gets a text from the server.
pub async fn read_text(path: &str) -> Option<String> {
    let request = RequestInit::new();
    request.set_cache(RequestCache::NoStore);
    let response = fetch(path, &request).await.filter(Response::ok)?;
    text_of(&response).await
}

/// Whether the page's server answers at this moment: code that is loaded later can be loaded then.
pub(crate) async fn is_reachable() -> bool {
    read_text("/ping").await.is_some()
}

/// Sends a request; `None` without an answer in time.
pub async fn fetch(path: &str, request: &RequestInit) -> Option<Response> {
    fetch_within(path, request, ANSWER_TIMEOUT_MS).await
}

/// Likewise, with a timeout in milliseconds.
pub async fn fetch_within(url: &str, request: &RequestInit, timeout_ms: u32) -> Option<Response> {
    request.set_signal(Some(&AbortSignal::timeout_with_u32(timeout_ms)));
    let response = JsFuture::from(window().fetch_with_str_and_init(url, request)).await;
    response.ok()?.dyn_into().ok()
}

/// The text of an answer, if it arrives in full.
pub async fn text_of(response: &Response) -> Option<String> {
    JsFuture::from(response.text().ok()?)
        .await
        .ok()?
        .as_string()
}

/// Remembers a text for as long as the tab is open; an empty one is deleted.
pub fn remember(key: &str, text: &str) {
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
pub fn remembered(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Runs `load`, which loads the page anew, once `is_back` holds: unasked, so that nothing typed may get lost by it.
///
/// After a pause if pages did so before, at whose end that must hold still; not at all if they did so too often.
pub fn load_when(is_back: Memo<bool>, load: impl Fn() + Copy + 'static) {
    Effect::new(move |_| {
        let load = move || {
            if is_back.try_get_untracked() == Some(true) {
                load();
            }
        };
        if is_back.get()
            && let Some(pause) = reload_pause()
        {
            set_timeout(load, pause);
        }
    });
}

/// How long a page waits before it loads itself anew without being asked to; `None` if it has done so too often.
///
/// Each time is counted, as if it followed.
fn reload_pause() -> Option<Duration> {
    let now_ms = now_ms();
    let known = remembered(RELOADS_KEY).unwrap_or_default();
    let (reloads, pause) = next_reload(&known, now_ms)?;
    // A tab that cannot remember would go round in circles.
    storage()?.set_item(RELOADS_KEY, &reloads).ok()?;
    Some(pause)
}

/// What to remember with the next reload, and the pause before it: none, then two seconds, doubling.
fn next_reload(known: &str, now_ms: i64) -> Option<(String, Duration)> {
    let (count, last_ms) = known.split_once(' ').unwrap_or_default();
    let last_ms: i64 = last_ms.parse().unwrap_or_default();
    let count = match count.parse() {
        Ok(count) if now_ms.abs_diff(last_ms) < CALM_MS => count,
        _ => 0_u32,
    };
    if count >= RELOADS_MAX {
        return None;
    }
    let pause = Duration::from_secs(if count == 0 { 0 } else { 1 << count });
    Some((format!("{} {now_ms}", count + 1), pause))
}

/// What the tab remembers while it is open, if the browser allows it.
pub fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reloads_pause_ever_longer_and_stop() {
        let (mut known, mut now_ms) = (String::new(), 1_000_000);
        let mut pauses = Vec::new();

        while let Some((reloads, pause)) = next_reload(&known, now_ms) {
            pauses.push(pause.as_secs());
            (known, now_ms) = (reloads, now_ms + 40_000);
        }

        assert_eq!(pauses, [0, 2, 4, 8, 16, 32]);
        let calm_ms = now_ms + 300_000;
        let (_, pause) = next_reload(&known, calm_ms).unwrap();
        assert_eq!(pause, Duration::ZERO, "a calm tab starts over");
    }
}
