//! What belongs around a page in its document.

use crate::PageContent;
use crate::assets::{chunks, code_root};
use crate::pages::{ELEMENT_ID, SITE_ID, to_json};
use leptos::prelude::*;

/// For the document's head: the title, the description and what search engines are to do, as the page says it.
pub fn page_meta<P: PageContent>(page: Option<&P>) -> impl IntoView + use<P> {
    let head = page.map(P::head).unwrap_or_default();
    view! {
        <title>{head.title}</title>
        <meta name="description" content=head.description />
        {head.robots.map(|robots| view! { <meta name="robots" content=robots /> })}
    }
}

/// For the end of the document's head: the page's state, what guards its code, and what loads that.
///
/// The scripts are the same for every page: a server allows them by their hashes.
pub fn page_scripts<P: PageContent>(
    options: LeptosOptions,
    page: Option<&P>,
) -> impl IntoView + use<P> {
    let chunks = chunks(&options, page.map_or("", P::name))
        .into_iter()
        .map(|(rel, href)| {
            let fetched = (rel == "preload").then_some("fetch");
            view! { <link rel=rel href=href r#as=fetched crossorigin="" /> }
        });
    view! {
        <script type="application/json" id=ELEMENT_ID inner_html=page.map(to_json)></script>
        <script inner_html=include_str!("guard.js")></script>
        <AutoReload options=options.clone() />
        <HydrationScripts root=code_root(&options) options />
        {chunks.collect_view()}
    }
}

/// For the document's body: the page, in an element of its own. Beside it, others may put what they like.
pub fn page_body<P: PageContent>(page: Option<P>) -> impl IntoView {
    view! { <div id=SITE_ID>{page.map(P::body)}</div> }
}
