#![doc = include_str!("../README.md")]
// Views of many elements are types of many levels, beyond the compiler's default limit.
#![recursion_limit = "256"]

use crate::draw::DrawPage;
use crate::mail::MailPage;
use crate::party::{PartiesPage, PartyPage};
use crate::world::WorldPage;
use leptos::either::EitherOf5;
use leptos::prelude::*;

mod address;
mod assets;
pub use assets::{code_root, stylesheet};
mod browser;
mod components;
mod conversation;
mod dispatch;
mod draw;
mod format;
mod handover;
#[cfg(feature = "hydrate")]
pub use handover::page_kind;
pub use handover::{Page, PageKind};
mod head;
use head::Head;
mod live;
mod mail;
mod party;
mod time;
mod world;

/// The whole document: what a server renders.
///
/// It depends on the [`Page`] in context and on nothing else of the visitor, so that a server may keep the
/// HTML of a page that is the same for all, and only put in a new nonce.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let page = use_context::<Page>();
    let head = page.as_ref().map(Head::of).unwrap_or_default();
    let name = page.as_ref().map_or("", Page::name);
    let chunks = assets::chunks(&options, name)
        .into_iter()
        .map(|(rel, href)| {
            let fetched = (rel == "preload").then_some("fetch");
            view! { <link rel=rel href=href r#as=fetched crossorigin="" /> }
        });
    let json = page.as_ref().map(handover::to_json);
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
                <script type="application/json" id=handover::ELEMENT_ID inner_html=json></script>
                <AutoReload options=options.clone() />
                <HydrationScripts root=assets::code_root(&options) options />
                {chunks.collect_view()}
            </head>
            <body>
                {page.map(body)}
            </body>
        </html>
    }
}

/// What a server renders inside the body.
fn body(page: Page) -> impl IntoView {
    match page {
        Page::World(state) => EitherOf5::A(view! { <WorldPage state /> }),
        Page::Parties(state) => EitherOf5::B(view! { <PartiesPage state=*state /> }),
        Page::Party(state) => EitherOf5::C(view! { <PartyPage state=*state /> }),
        Page::Mail(state) => EitherOf5::D(view! { <MailPage state=*state /> }),
        Page::Draw(state) => EitherOf5::E(view! { <DrawPage state=*state /> }),
    }
}

/// Hydrates the world page.
#[cfg(feature = "hydrate")]
pub fn hydrate_world() {
    leptos::mount::hydrate_body(|| handover::receive().map(|state| view! { <WorldPage state /> }));
}

/// Hydrates the page of all parties.
#[cfg(feature = "hydrate")]
pub fn hydrate_parties() {
    leptos::mount::hydrate_body(|| {
        handover::receive().map(|state| view! { <PartiesPage state /> })
    });
}

/// Hydrates the page of one party.
#[cfg(feature = "hydrate")]
pub fn hydrate_party() {
    leptos::mount::hydrate_body(|| handover::receive().map(|state| view! { <PartyPage state /> }));
}

/// Hydrates a page of mail.
#[cfg(feature = "hydrate")]
pub fn hydrate_mail() {
    leptos::mount::hydrate_body(|| handover::receive().map(|state| view! { <MailPage state /> }));
}

/// Hydrates the draw's page.
#[cfg(feature = "hydrate")]
pub fn hydrate_draw() {
    leptos::mount::hydrate_body(|| handover::receive().map(|state| view! { <DrawPage state /> }));
}
