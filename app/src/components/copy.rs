//! Copying what a field holds.

use leptos::html::Input;
use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Copies the field's text and notes the outcome. Where the browser forbids it, the text is left selected.
pub(crate) fn copy_field(
    field: NodeRef<Input>,
    set_note: WriteSignal<&'static str>,
    selected: &'static str,
) {
    let Some(field) = field.get_untracked() else {
        return;
    };
    field.select();
    let navigator = window().navigator();
    // Only pages from a secure origin have a clipboard.
    let has_clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into())
        .is_ok_and(|clipboard| clipboard.is_object());
    if !has_clipboard {
        set_note.set(selected);
        return;
    }
    let copied = navigator.clipboard().write_text(&field.value());
    leptos::task::spawn_local(async move {
        let copied = JsFuture::from(copied).await;
        set_note.try_set(copied.map_or(selected, |_| "Copied."));
    });
}
