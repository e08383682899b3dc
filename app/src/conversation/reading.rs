//! Where a reader is in a log, and how they stay there.

use super::Entry;
use super::log::newest;
use leptos::html::Div;
use leptos::prelude::*;
use protocol::Cursor;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// A reader's place in a log that is drawn in reverse: its positions count from the end, where the newest message is.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    /// The log.
    pub element: NodeRef<Div>,
    entries: Memo<Vec<Entry>>,
    /// The newest message when the reader left the end; nothing while they are there.
    left_at: RwSignal<Option<Cursor>>,
    /// How many pixels of messages stood below that one when the place was last kept.
    below_px: StoredValue<i32>,
}

impl Reading {
    /// Keeps what is read in place from now on.
    pub(super) fn new(entries: Memo<Vec<Entry>>) -> Self {
        let reading = Self {
            element: NodeRef::new(),
            entries,
            left_at: RwSignal::new(None),
            below_px: StoredValue::new(0),
        };
        Effect::new(move |_| {
            entries.track();
            // Before they are painted, but after they are there.
            request_animation_frame(move || reading.stay());
        });
        reading
    }

    /// How many messages have come since the reader left the end.
    pub(super) fn newer(self) -> usize {
        let left_at = self.left_at.get();
        let is_newer = |entry: &&Entry| left_at.is_some_and(|left_at| entry.cursor > left_at);
        self.entries
            .with(|entries| entries.iter().filter(is_newer).count())
    }

    /// Notes that the log was scrolled.
    pub(super) fn scroll(self) {
        let Some(log) = self.element.get_untracked() else {
            return;
        };
        let is_away = log.scroll_top() != 0;
        if is_away == self.left_at.get_untracked().is_some() {
            return;
        }
        let newest = self.entries.with_untracked(|entries| newest(entries));
        self.left_at.set(newest.filter(|_| is_away));
        self.below_px.set_value(self.pixels_below().unwrap_or(0));
    }

    /// Goes to the end, and leaves the focus to the log.
    pub(super) fn to_the_end(self) {
        if let Some(log) = self.element.get_untracked() {
            log.set_scroll_top(0);
            // It works without the focus, too.
            let _focused = log.focus();
        }
    }

    /// Scrolls on by what was added below.
    fn stay(self) {
        // Nothing of it is left once the page is gone.
        let Some(log) = self.element.try_get_untracked().flatten() else {
            return;
        };
        let Some(below_px) = self.pixels_below() else {
            return;
        };
        let added_px = below_px - self.below_px.get_value();
        if added_px != 0 {
            self.below_px.set_value(below_px);
            log.set_scroll_top(log.scroll_top() - added_px);
        }
    }

    /// How many pixels of messages stand below the one that was the newest when the reader left the end.
    fn pixels_below(self) -> Option<i32> {
        let left_at = self.left_at.get_untracked()?;
        let id = self.entries.with_untracked(|entries| {
            let left = entries.iter().find(|entry| entry.cursor == left_at)?;
            Some(left.id.to_string())
        })?;
        let line = self.element.get_untracked()?;
        let line = line.query_selector(&format!("[data-id='{id}']")).ok()??;
        let last = line.parent_element()?.last_element_child()?;
        Some(end(last)? - end(line)?)
    }
}

/// Where a line ends.
fn end(line: web_sys::Element) -> Option<i32> {
    let line = line.dyn_into::<HtmlElement>().ok()?;
    Some(line.offset_top() + line.offset_height())
}
