//! How others find the party.

use super::qr_code::QrCode;
use leptos::html::Input;
use leptos::prelude::*;

/// The link, to copy and to scan.
#[component]
pub(crate) fn ShareCard(
    /// The link.
    link: String,
    /// Whether the browser runs the page: without it nothing can be copied for the visitor.
    is_running: ReadSignal<bool>,
) -> impl IntoView {
    let field = NodeRef::<Input>::new();
    let (note, set_note) = signal("");
    let copy = {
        let link = link.clone();
        move |_| copy(&link, field, set_note)
    };
    view! {
        <section class="share-card" aria-labelledby="share-title" data-testid="share">
            <h2 class="card__title" id="share-title">"Call the others"</h2>
            <QrCode link=link.clone() />
            <div class="field">
                <label class="field__label" for="share-link">"Link to this party"</label>
                <input class="field__input" id="share-link" readonly value=link node_ref=field data-testid="share-link" />
            </div>
            <button class="button" type="button" data-kind="quiet" hidden=move || !is_running.get() data-testid="copy" on:click=copy>
                "Copy the link"
            </button>
            <p class="share-card__note" role="status" data-testid="copy-note">{move || note.get()}</p>
        </section>
    }
}

/// Copies the link; where the browser forbids it, selects it, so that the visitor can.
#[cfg(feature = "hydrate")]
fn copy(link: &str, field: NodeRef<Input>, set_note: WriteSignal<&'static str>) {
    if let Some(field) = field.get_untracked() {
        field.select();
    }
    let navigator = window().navigator();
    // Only pages from a secure origin have a clipboard.
    let has_clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into())
        .is_ok_and(|clipboard| clipboard.is_object());
    if !has_clipboard {
        set_note.set("The link is selected: copy it from there.");
        return;
    }
    let copied = navigator.clipboard().write_text(link);
    leptos::task::spawn_local(async move {
        let copied = wasm_bindgen_futures::JsFuture::from(copied).await;
        set_note.try_set(match copied {
            Ok(_) => "Copied.",
            Err(_) => "The link is selected: copy it from there.",
        });
    });
}

/// A server copies nothing.
#[cfg(not(feature = "hydrate"))]
fn copy(_link: &str, _field: NodeRef<Input>, _set_note: WriteSignal<&'static str>) {}
