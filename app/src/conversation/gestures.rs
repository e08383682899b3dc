//! Keys, clicks and scrolling in logs and composers.

use leptos::ev::{Event, KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// The distance to a log's first message, in pixels, at which older ones are loaded.
const NEAR_PX: i32 = 240;

/// The code of a key that an input method takes (UI Events, section 7.3.1).
const INPUT_METHOD: u32 = 229;

/// Whether a log is scrolled nearly to its start.
pub(crate) fn is_near_the_top(scroll: &Event) -> bool {
    let log = scroll.current_target();
    let Some(log) = log.and_then(|log| log.dyn_into::<web_sys::Element>().ok()) else {
        return false;
    };
    // In a reversed box the position counts from the end, downwards from 0.
    log.scroll_height() - log.client_height() - log.scroll_top().abs() < NEAR_PX
}

/// Whether a click on a link is for this tab.
pub(crate) fn is_plain(click: &MouseEvent) -> bool {
    !(click.ctrl_key() || click.meta_key() || click.shift_key())
}

/// Whether a key in a text area sends its text.
pub(crate) fn sends(key: &KeyboardEvent) -> bool {
    // An input method's Enter confirms a suggestion. Safari has ended the composition by then, and leaves only the code.
    let confirms = key.is_composing() || key.key_code() == INPUT_METHOD;
    let is_enter = key.key() == "Enter" && !key.shift_key() && !confirms;
    let is_field = key
        .target()
        .is_some_and(|target| target.is_instance_of::<web_sys::HtmlTextAreaElement>());
    is_enter && is_field
}

/// Puts a text into a field and focuses it.
pub(crate) fn put(field: &web_sys::HtmlTextAreaElement, text: &str, length: RwSignal<usize>) {
    field.set_value(text);
    length.set(text.len());
    // It works without the focus, too.
    let _focused = field.focus();
}

/// Puts a text before what is in a field.
pub(crate) fn put_back(field: &web_sys::HtmlTextAreaElement, taken: &str, length: RwSignal<usize>) {
    let kept = field.value();
    match kept.trim() {
        "" => put(field, taken, length),
        _ => put(field, &format!("{taken}\n{kept}"), length),
    }
}

/// Scrolls to a log's newest message.
pub(crate) fn to_the_end() {
    if let Ok(Some(log)) = document().query_selector(".message-log") {
        log.set_scroll_top(0);
    }
}
