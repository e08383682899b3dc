//! Copying what a field holds.

use leptos::html::Input;
use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// A field that can be copied.
#[derive(Clone, Copy)]
pub(crate) struct CopyField {
    pub field: NodeRef<Input>,
    /// Whether the browser runs the page: only then can it copy.
    pub is_running: RwSignal<bool>,
    /// What came of it.
    pub note: RwSignal<&'static str>,
}

impl CopyField {
    pub(crate) fn new() -> Self {
        let is_running = RwSignal::new(false);
        Effect::new(move |_| is_running.set(true));
        Self {
            field: NodeRef::new(),
            is_running,
            note: RwSignal::new(""),
        }
    }

    /// Copies the text. Where the browser forbids it, the text is left selected, and the note says so.
    pub(crate) fn copy(self, selected: &'static str) {
        let Some(field) = self.field.get_untracked() else {
            return;
        };
        // Cleared first: a screen reader announces only changes.
        self.note.set("");
        field.select();
        let navigator = window().navigator();
        // Only pages from a secure origin have a clipboard.
        let has_clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into())
            .is_ok_and(|clipboard| clipboard.is_object());
        let copied = has_clipboard.then(|| navigator.clipboard().write_text(&field.value()));
        leptos::task::spawn_local(async move {
            let is_copied = match copied {
                Some(copied) => JsFuture::from(copied).await.is_ok(),
                None => false,
            };
            self.note
                .try_set(if is_copied { "Copied." } else { selected });
        });
    }
}
