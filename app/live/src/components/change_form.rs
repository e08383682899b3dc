//! Forms that change a document.

use crate::OpenDocument;
use crate::bound::{Mark, mark};
use crate::browser::focus_on;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use protocol::Document;
use protocol::live::RawJson;

/// What changes a document: [`ChangeButton`]s post it without JavaScript and before hydration.
#[component]
pub fn ChangeForm<D: Document>(
    /// The document.
    document: OpenDocument<D>,
    /// What is in the form, buttons among it.
    children: Children,
) -> impl IntoView {
    view! {
        <form class="change-form" method="post" action=document.action()>
            {children()}
        </form>
    }
}

/// A button in a [`ChangeForm`]. It is dimmed while the rules do not allow its change.
#[component]
pub fn ChangeButton<D: Document>(
    /// The document.
    document: OpenDocument<D>,
    /// What it does to it.
    change: D::Change,
    /// How it looks, as a button's `data-kind`.
    kind: &'static str,
    /// The button's name for tests.
    #[prop(optional)]
    testid: &'static str,
    /// Whether the change is what the visitor has chosen already, where it is a choice.
    #[prop(optional)]
    is_chosen: Option<Memo<bool>>,
    /// The id of what has the focus then, where the button goes away with what it does.
    #[prop(optional)]
    then_focus: Option<&'static str>,
    /// What it says.
    children: Children,
) -> impl IntoView {
    let json = RawJson::of(&change).map(|json| json.as_str().to_owned());
    let asked = change.clone();
    let take = move |click: MouseEvent| {
        if document.change(change.clone()) {
            click.prevent_default();
            then_focus.into_iter().for_each(focus_on);
        }
    };
    view! {
        <button
            class="button"
            data-kind=kind
            name="change"
            value=json
            aria-pressed=pressed(is_chosen)
            // Not `disabled`: who has it in focus, or has no JavaScript, is told why.
            aria-disabled=mark(move || (!document.allows(&asked)).then_some("true"))
            data-testid=testid
            on:click=take
        >
            {children()}
        </button>
    }
}

/// Whether a button is a choice, and chosen.
fn pressed(is_chosen: Option<Memo<bool>>) -> Mark {
    mark(move || is_chosen.map(|is_chosen| if is_chosen.get() { "true" } else { "false" }))
}
