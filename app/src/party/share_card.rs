//! Sharing the party.

use super::qr_code::QrCode;
use crate::components::copy_field;
use leptos::html::Input;
use leptos::prelude::*;

/// The link, to copy and to scan.
#[component]
pub(crate) fn ShareCard(
    /// The link.
    link: String,
    /// Whether the browser runs the page: only then can it copy.
    is_running: ReadSignal<bool>,
) -> impl IntoView {
    let field = NodeRef::<Input>::new();
    let (note, set_note) = signal("");
    let copy = move |_| copy_field(field, set_note, "Select and copy the link.");
    view! {
        <section class="share-card" aria-labelledby="share-title" data-testid="share">
            <h2 class="card__title" id="share-title">"Invite others"</h2>
            <QrCode link=link.clone() />
            <div class="field">
                <label class="field__label" for="share-link">"Link to this party"</label>
                <input class="field__input" id="share-link" readonly value=link node_ref=field data-testid="share-link" />
            </div>
            <button class="button" type="button" data-kind="quiet" hidden=move || !is_running.get() data-testid="copy" on:click=copy>
                "Copy link"
            </button>
            <p class="share-card__note" role="status" data-testid="copy-note">{move || note.get()}</p>
        </section>
    }
}
