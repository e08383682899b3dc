//! The field for the recipient's address.

use super::{AddressCheck, OpenMailbox};
use leptos::prelude::*;

/// An address, checked as one types.
#[component]
pub(crate) fn AddressField(
    /// The mailbox.
    mailbox: OpenMailbox,
    /// The initial text.
    typed: String,
    /// Whether it was refused.
    is_wrong: bool,
) -> impl IntoView {
    let value = RwSignal::new(typed.clone());
    let check = Memo::new(move |_| {
        value.with(|value| {
            mailbox
                .places
                .with_value(|places| AddressCheck::of(value, places))
        })
    });
    let is_touched = RwSignal::new(is_wrong);
    // What the server refused stays wrong, whatever the check says.
    let refused = StoredValue::new(is_wrong.then(|| typed.clone()));
    let shows_wrong = move || {
        let is_refused =
            value.with(|value| refused.with_value(|refused| refused.as_ref() == Some(value)));
        is_refused || (is_touched.get() && check.with(AddressCheck::is_wrong))
    };
    view! {
        <div class="field">
            <label class="field__label" for="write-to">"To"</label>
            <input
                class="field__input"
                id="write-to"
                name="to"
                value=typed
                required
                maxlength="64"
                data-kind="address"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                placeholder="fra-finch"
                aria-invalid=move || shows_wrong().then_some("true")
                aria-describedby=if is_wrong { "form-problem write-to-check" } else { "write-to-check" }
                data-testid="write-to"
                on:input=move |input| value.set(event_target_value(&input))
                on:blur=move |_| is_touched.set(true)
            />
            <p
                class="field__note"
                id="write-to-check"
                role="status"
                data-state=move || check.with(AddressCheck::name)
                data-testid="write-to-check"
            >
                {move || check.with(AddressCheck::words)}
            </p>
        </div>
    }
}
