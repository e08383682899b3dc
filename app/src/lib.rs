#![doc = include_str!("../README.md")]
// Views of many elements are types of many levels, beyond the compiler's default limit.
#![recursion_limit = "256"]

use leptos::prelude::*;

mod address;
mod assets;
pub use assets::{code_root, stylesheet};
mod bound;
mod browser;
mod components;
pub use components::navigation;
mod conversation;
mod dispatch;
mod draw;
mod format;
mod head;
mod live;
mod mail;
mod pages;
pub use pages::Page;
#[cfg(feature = "hydrate")]
pub use pages::hydrate;
mod party;
mod pending;
mod poll;
mod time;
mod world;

/// The whole document: what a server renders.
///
/// It depends only on the [`Page`] in context, so that a server may cache the HTML of a page that is the same for
/// everyone. Its scripts are the same for every page: a server allows them by their hashes.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let page = use_context::<Page>();
    let head = page.as_ref().map(Page::head).unwrap_or_default();
    let name = page.as_ref().map_or("", Page::name);
    let chunks = assets::chunks(&options, name)
        .into_iter()
        .map(|(rel, href)| {
            let fetched = (rel == "preload").then_some("fetch");
            view! { <link rel=rel href=href r#as=fetched crossorigin="" /> }
        });
    let json = page.as_ref().map(pages::to_json);
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>{head.title}</title>
                <meta name="description" content=head.description />
                {head.robots.map(|robots| view! { <meta name="robots" content=robots /> })}
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" content="#eceafa" media="(prefers-color-scheme: light)" />
                <meta name="theme-color" content="#100f2c" media="(prefers-color-scheme: dark)" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=assets::stylesheet(&options) />
                <script type="application/json" id=pages::ELEMENT_ID inner_html=json></script>
                <script inner_html=include_str!("guard.js")></script>
                <AutoReload options=options.clone() />
                <HydrationScripts root=assets::code_root(&options) options />
                {chunks.collect_view()}
            </head>
            // In an element of its own: beside it, others may put what they like.
            <body>
                <div id=pages::SITE_ID>{page.map(Page::body)}</div>
            </body>
        </html>
    }
}
