#![doc = include_str!("../README.md")]
// Views of many elements are types of many levels, beyond the compiler's default limit.
#![recursion_limit = "256"]

use leptos::prelude::*;
use live::{page_body, page_meta, page_scripts};

mod address;
mod card;
pub use card::{CARD_HEIGHT, CARD_WIDTH};
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
                <meta name="theme-color" content="#eceafa" media="(prefers-color-scheme: light)" />
                <meta name="theme-color" content="#100f2c" media="(prefers-color-scheme: dark)" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <link rel="stylesheet" href=stylesheet(&options) />
                <script inner_html=include_str!("theme.js")></script>
                <script inner_html=include_str!("unread.js")></script>
                <script inner_html=include_str!("world/load_sky.js")></script>
                {page_scripts(options, page.as_ref())}
            </head>
            <body>{page_body(page)} {theme_switch()}</body>
        </html>
    }
}

/// Which theme to show, and whether to notify of what is unread. It stands beside the page: no page's code has to know it.
fn theme_switch() -> impl IntoView {
    let choice = |(theme, name): (&'static str, &'static str)| {
        view! {
            <label class="theme__choice">
                <input type="radio" name="theme" value=theme checked=theme.is_empty() autocomplete="off" />
                {name}
            </label>
        }
    };
    view! {
        <section class="settings" aria-label="Settings">
            <fieldset class="theme">
                <legend class="theme__legend">"Theme"</legend>
                {[("", "System"), ("light", "Light"), ("dark", "Dark")].map(choice).collect_view()}
            </fieldset>
            <button type="button" class="theme__notify link-button" hidden>
                "Turn on notifications"
            </button>
        </section>
    }
}
