//! A page that people of all regions share: a counter, who is here, and how everybody feels.

// Views of many elements are types of many levels.
#![recursion_limit = "256"]

mod home;
mod mood;
mod pages;
#[cfg(feature = "ssr")]
pub mod server;

use leptos::prelude::*;
use murmuration_leptos::{page_body, page_meta, page_scripts, stylesheet};
use pages::Page;

/// The document around a page. It depends on the page alone: its scripts are allowed by their hashes.
pub fn shell(options: LeptosOptions) -> AnyView {
    let page = use_context::<Page>();
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                {page_meta(page.as_ref())}
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=stylesheet(&options) />
                {page_scripts(options, page.as_ref())}
            </head>
            <body>{page_body(page)}</body>
        </html>
    }
    .into_any()
}

/// Takes the server's HTML over and keeps it live; the page's script calls it once.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    wasm_bindgen_futures::spawn_local(pages::hydrate());
}
