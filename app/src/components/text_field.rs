//! A field for a line of text.

use leptos::prelude::*;

/// A field for a line of text, with its label.
#[component]
pub(crate) fn TextField(
    /// Its label.
    #[prop(into)]
    label: String,
    /// Its id.
    #[prop(into)]
    id: String,
    /// What a form sends it as, and its name for tests.
    name: &'static str,
    /// What it holds to begin with.
    value: Option<String>,
    /// Whether it must be filled in.
    is_required: bool,
) -> impl IntoView {
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>{label}</label>
            <input
                class="field__input"
                id=id
                name=name
                value=value
                dir="auto"
                required=is_required
                autocomplete="off"
                data-testid=name
            />
        </div>
    }
}
