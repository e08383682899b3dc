//! The visitor's own address.

use leptos::html::Input;
use leptos::prelude::*;
use protocol::MailAddress;

/// The address, to be copied.
#[component]
pub(crate) fn OwnAddress(
    /// The address.
    address: MailAddress,
    /// Where its home is.
    place: String,
    /// Whether a browser runs the page: without it nothing can be copied for the visitor.
    is_running: RwSignal<bool>,
) -> impl IntoView {
    let address = address.to_string();
    let field = NodeRef::<Input>::new();
    let (note, set_note) = signal("");
    let copy = {
        let address = address.clone();
        move |_| copy(&address, field, set_note)
    };
    let told = address.clone();
    view! {
        <div class="own-address" data-testid="own-address" data-address=told>
            <label class="own-address__label" for="own-address">{format!("Your address, at home in {place}")}</label>
            <div class="own-address__row">
                <input
                    class="own-address__text"
                    id="own-address"
                    readonly
                    value=address
                    node_ref=field
                    data-testid="own-address-text"
                />
                <button
                    class="button"
                    type="button"
                    data-kind="quiet"
                    aria-label="Copy your address"
                    hidden=move || !is_running.get()
                    data-testid="copy-address"
                    on:click=copy
                >
                    "Copy"
                </button>
            </div>
            <p class="own-address__note" role="status" data-testid="copy-note">{move || note.get()}</p>
        </div>
    }
}

/// Copies it; where the browser forbids it, selects it, so that the visitor can.
#[cfg(feature = "hydrate")]
fn copy(address: &str, field: NodeRef<Input>, set_note: WriteSignal<&'static str>) {
    const SELECTED: &str = "It is selected: copy it from there.";
    if let Some(field) = field.get_untracked() {
        field.select();
    }
    let navigator = window().navigator();
    // Only pages from a secure origin have a clipboard.
    let has_clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into())
        .is_ok_and(|clipboard| clipboard.is_object());
    if !has_clipboard {
        set_note.set(SELECTED);
        return;
    }
    let copied = navigator.clipboard().write_text(address);
    leptos::task::spawn_local(async move {
        let copied = wasm_bindgen_futures::JsFuture::from(copied).await;
        set_note.try_set(copied.map_or(SELECTED, |_| "Copied."));
    });
}

/// A server copies nothing.
#[cfg(not(feature = "hydrate"))]
fn copy(_address: &str, _field: NodeRef<Input>, _set_note: WriteSignal<&'static str>) {}
