//! The page of a document.

use super::{Frame, Section, ServedByLine, ShareCard};
use crate::card::{card, world_card};
use leptos::prelude::*;
use live::bound::text;
use live::{
    DocumentView, Head, NOT_INDEXED, News, OpenDocument, ProblemNote, provide_live, use_document,
};
use protocol::{Create, DocumentState, Seen};

/// What a document's page says of itself, `name` being what one of its kind is called. Who has its link may tell others, but
/// no search engine. What is shared shows the card that `server/src/cards` draws of a document.
pub(crate) fn document_head<D: Create>(
    state: &DocumentState<D>,
    name: &str,
    description: &str,
) -> Head {
    let title = match &state.seen {
        Some(seen) => seen.value.title(),
        None if state.is_known => format!("{name} not found"),
        None => format!("{name} unavailable"),
    };
    Head {
        title: format!("{title} · Murmuration"),
        description: description.into(),
        robots: NOT_INDEXED,
        path: D::path(&state.key),
        card: match &state.seen {
            Some(_) => card(format!("/cards{}.png", D::path(&state.key)), title),
            None => world_card(),
        },
    }
}

/// The page of a document, live, with its link to share.
#[component]
pub(crate) fn DocumentPage<D: Create, V: IntoView + 'static>(
    state: DocumentState<D>,
    /// Where the page belongs.
    section: Section,
    /// What one of the kind is called.
    noun: &'static str,
    /// Where another one is created, and what the link there says.
    create: (&'static str, &'static str),
    /// How it stands, in words.
    summary: fn(&Seen<D, D::Own>) -> String,
    /// What shows the document itself, and changes it.
    main: fn(OpenDocument<D>) -> V,
) -> impl IntoView {
    let live = provide_live(state.page);
    let document = use_document(live, state.key, state.seen);
    let words = Memo::new(move |_| document.read(summary));
    view! {
        <Frame live section skip=("#document", "Skip to content")>
            <main class="page" id="document">
                <DocumentView document noun create is_known=state.is_known>
                    <h1 class="document-title" dir="auto" translate="no" data-testid="title">
                        {text(move || document.read(|seen| seen.value.title()))}
                    </h1>
                    <p class="document-summary" translate="no" data-testid="summary">{text(move || words.get())}</p>
                    <ServedByLine live />
                    {state.problem.map(|problem| view! { <ProblemNote problem /> })}
                    <div class="document-cards">
                        {main(document)}
                        <ShareCard title=format!("Share this {noun}") label=format!("Link to this {noun}") link=state.link />
                    </div>
                </DocumentView>
                <News words testid="news" />
            </main>
        </Frame>
    }
}
