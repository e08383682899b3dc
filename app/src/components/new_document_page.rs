//! The page that creates documents.

use super::{Frame, LinkList, Section};
use leptos::prelude::*;
use live::{ProblemNote, provide_live};
use protocol::{Create, NewDocumentState};

/// The page that creates documents of a kind: the form, and the visitor's own ones.
#[component]
pub(crate) fn NewDocumentPage<D: Create, V: IntoView + 'static>(
    state: NewDocumentState<D>,
    /// Where the page belongs.
    section: Section,
    /// The page's title.
    title: &'static str,
    /// What one of the kind is called.
    noun: &'static str,
    /// What there is to know of a new one.
    words: &'static str,
    /// The form's fields, with what was typed.
    fields: fn(D::New) -> V,
) -> impl IntoView {
    let live = provide_live(state.page);
    let own = state.own.into_iter();
    let own = own.map(|document| (D::path(&document.key), document.title));
    let empty = match state.is_known {
        true => "None yet. Those that you create are listed here.",
        false => "Couldn’t load them. Reload this page in a minute.",
    };
    view! {
        <Frame live section skip=("#new", "Skip to content")>
            <main class="page" id="new">
                <h1 class="document-title">{title}</h1>
                {state.problem.map(|problem| view! { <ProblemNote problem /> })}
                <div class="document-cards">
                    <form class="card" method="post" action=format!("/{}", D::NAME) aria-labelledby="create-title" data-testid="create-form">
                        <h2 class="card__title" id="create-title">{format!("Create a {noun}")}</h2>
                        <p class="card__words">{words}</p>
                        <input type="hidden" name="key" value=state.form_key />
                        {fields(state.new)}
                        <button class="button">{format!("Create {noun}")}</button>
                    </form>
                    <LinkList title=format!("Your {noun}s") links=own.collect() empty />
                </div>
            </main>
        </Frame>
    }
}
