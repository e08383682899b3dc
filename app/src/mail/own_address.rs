//! The visitor's own address.

use crate::components::copy_field;
use leptos::html::Input;
use leptos::prelude::*;
use protocol::MailAddress;

/// The address, to be copied.
#[component]
pub(crate) fn OwnAddress(
    /// The address.
    address: MailAddress,
    /// Its place.
    place: String,
    /// Whether the browser runs the page: only then can it copy.
    is_running: RwSignal<bool>,
) -> impl IntoView {
    let address = address.to_string();
    let field = NodeRef::<Input>::new();
    let (note, set_note) = signal("");
    let copy = move |_| copy_field(field, set_note, "Select and copy the address.");
    let data_address = address.clone();
    view! {
        <div class="own-address" data-testid="own-address" data-address=data_address>
            <label class="own-address__label" for="own-address">{format!("Your address in {place}")}</label>
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
