//! A document's page, while it is there.

use super::Absence;
use crate::OpenDocument;
use crate::bound::{flag, mark, text};
use leptos::prelude::*;
use protocol::Document;

/// What is said while changes wait for the connection.
const WAITS: &str = "Not saved yet. This page sends it as soon as it can.";

/// What shows a document, and what stands in for it: it may come late, and go.
#[component]
pub fn DocumentView<D: Document>(
    /// The document.
    document: OpenDocument<D>,
    /// What one of its kind is called.
    noun: &'static str,
    /// Where another one is created, and what the link there says, for kinds that people create.
    #[prop(optional)]
    create: Option<(&'static str, &'static str)>,
    /// Whether the server knew, when it rendered the page, if there is such a document.
    is_known: bool,
    /// What shows it.
    children: Children,
) -> impl IntoView {
    let is_there = Memo::new(move |_| document.shown.with(|shown| shown.seen.is_some()));
    let is_missing = Memo::new(move |_| {
        !is_there.get() && (is_known || document.shown.with(|shown| shown.is_missing))
    });
    let is_stuck = document.is_stuck();
    let missing = match is_there.get_untracked() {
        true => format!("This {noun} is gone"),
        false => format!("There is no such {noun}"),
    };
    view! {
        <div class="document-view" hidden=flag(move || !is_there.get())>
            {children()}
            <p class="document-view__note" role="status" translate="no" data-testid="change-waits" data-shown=mark(move || is_stuck.get().then_some("true"))>
                {text(move || if is_stuck.get() { WAITS.into() } else { String::new() })}
            </p>
        </div>
        <div hidden=flag(move || !is_missing.get())>
            <Absence title=missing id="missing-title" testid="missing">
                <p class="absence__words">{format!("Check the link again. A {noun} is deleted when nobody has used it for a while.")}</p>
                {create.map(|(path, words)| view! { <a class="button" href=path>{words}</a> })}
            </Absence>
        </div>
        <div hidden=flag(move || is_there.get() || is_missing.get())>
            <Absence title=format!("This {noun} is unavailable") id="away-title" testid="away">
                <p class="absence__words">
                    "The servers can’t load it right now. It is not lost. This page shows it as soon as it is available; without JavaScript, reload it in a minute."
                </p>
                <a class="button" data-kind="quiet" href=document.path() data-testid="retry">"Try again"</a>
            </Absence>
        </div>
    }
}
