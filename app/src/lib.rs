#![doc = include_str!("../README.md")]
// Views of many elements are types of many levels, beyond the compiler's default limit.
#![recursion_limit = "256"]

use leptos::prelude::*;
use live::{page_body, page_meta, page_scripts};

mod address;
mod around;
#[cfg(feature = "ssr")]
pub use around::around_html;
mod card;
pub use card::{CARD_HEIGHT, CARD_WIDTH, world_card};
mod components;
pub use components::{map, navigation};
mod conversation;
mod dispatch;
mod draw;
mod mail;
mod pages;
pub use pages::Page;
#[cfg(feature = "hydrate")]
pub use pages::hydrate;
mod party;
pub use party::{Bird, FORMATION_WIDTH, code_in_groups, fly};
mod poll;
pub use poll::PollState;
mod time;
mod world;

pub use live::{code_root, stylesheet};

#[cfg(test)]
mod samples;

/// The whole document: what a server renders.
///
/// It depends only on the [`Page`] in context, so that a server may cache the HTML of a page that is the same for
/// everyone. Its scripts are the same for every page: a server allows them by their hashes.
pub fn shell(options: LeptosOptions) -> impl IntoView {
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
                {around::head()}
                <script inner_html=include_str!("world/load_sky.js")></script>
                {page_scripts(options, page.as_ref())}
            </head>
            <body>{page_body(page)} {around::foot()}</body>
        </html>
    }
}
