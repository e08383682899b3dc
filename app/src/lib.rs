#![doc = include_str!("../README.md")]
// Views of many elements are types of many levels, beyond the compiler's default limit.
#![recursion_limit = "256"]

use crate::pages::WorldPage;
use leptos::prelude::*;
use protocol::PageState;

mod assets;
pub use assets::stylesheet;
mod components;
mod format;
mod handover;
#[cfg_attr(
    not(feature = "hydrate"),
    expect(
        dead_code,
        reason = "a server renders the state, only a browser changes it"
    )
)]
mod live;
mod pages;

/// What the page is, for search engines and shared links.
const DESCRIPTION: &str = "One number, shared live by servers all over the world. \
    Click in one region and watch every other region follow.";

/// The whole document: what a server renders for every visitor.
///
/// It depends on the [`PageState`] in context and on nothing of the visitor, so that a server may keep the
/// HTML and only put in a new nonce.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let state = use_context::<PageState>().map(|state| handover::to_json(&state));
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>"Murmuration"</title>
                <meta name="description" content=DESCRIPTION />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" content="#eceafa" media="(prefers-color-scheme: light)" />
                <meta name="theme-color" content="#100f2c" media="(prefers-color-scheme: dark)" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=assets::stylesheet(&options) />
                <script type="application/json" id=handover::ELEMENT_ID inner_html=state></script>
                <AutoReload options=options.clone() />
                <HydrationScripts options />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The page itself: what a server renders inside the body and a browser hydrates.
#[component]
pub fn App() -> impl IntoView {
    view! { <WorldPage state=handover::receive() /> }
}
