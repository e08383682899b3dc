//! The visitor's own address.

use crate::components::CopyField;
use leptos::prelude::*;
use protocol::MailAddress;

/// The address, to be copied.
#[component]
pub(crate) fn OwnAddress(address: MailAddress, place: String) -> impl IntoView {
    let address = address.to_string();
    let copy = CopyField::new();
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
                    node_ref=copy.field
                    data-testid="own-address-text"
                />
                <button
                    class="button"
                    type="button"
                    data-kind="quiet"
                    aria-label="Copy your address"
                    hidden=move || !copy.is_running.get()
                    data-testid="copy-address"
                    on:click=move |_| copy.copy("Select and copy the address.")
                >
                    "Copy"
                </button>
            </div>
            <p class="own-address__note" role="status" data-testid="copy-note">{move || copy.note.get()}</p>
        </div>
    }
}
