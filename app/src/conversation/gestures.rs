//! What logs and composers make of keys, clicks and scrolling; in browsers only.

use leptos::ev::{Event, KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// So near to the first line of a log, in pixels, those before it are asked for.
const NEAR_PX: i32 = 240;

/// Whether a log is scrolled nearly to its beginning.
pub(crate) fn is_near_the_top(scroll: &Event) -> bool {
    let log = scroll.current_target();
    let Some(log) = log.and_then(|log| log.dyn_into::<web_sys::Element>().ok()) else {
        return false;
    };
    // In a reversed box the position is counted from the end, downwards from nothing.
    log.scroll_height() - log.client_height() - log.scroll_top().abs() < NEAR_PX
}

/// Whether a click on a link is for this tab.
pub(crate) fn is_plain(click: &MouseEvent) -> bool {
    !(click.ctrl_key() || click.meta_key() || click.shift_key())
}

/// Whether a key in a field of some lines sends what stands in it.
pub(crate) fn sends(key: &KeyboardEvent) -> bool {
    // An input method's Enter chooses what it offers.
    let is_enter = key.key() == "Enter" && !key.shift_key() && !key.is_composing();
    let is_field = key
        .target()
        .is_some_and(|target| target.is_instance_of::<web_sys::HtmlTextAreaElement>());
    is_enter && is_field
}

/// Puts a text into a field, which has the focus from then on.
pub(crate) fn put(field: &web_sys::HtmlTextAreaElement, text: &str, length: RwSignal<usize>) {
    field.set_value(text);
    length.set(text.len());
    // A field that cannot be focused is no reason to stop.
    let _focused = field.focus();
}

/// Puts what was taken back before what stands in a field.
pub(crate) fn put_back(field: &web_sys::HtmlTextAreaElement, taken: &str, length: RwSignal<usize>) {
    let kept = field.value();
    match kept.trim() {
        "" => put(field, taken, length),
        _ => put(field, &format!("{taken}\n{kept}"), length),
    }
}

/// Shows a log's newest line.
pub(crate) fn to_the_end() {
    if let Ok(Some(log)) = document().query_selector(".letter-log") {
        log.set_scroll_top(0);
    }
}
