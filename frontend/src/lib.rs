#![doc = include_str!("../README.md")]
#![cfg(target_arch = "wasm32")]

use app::PageKind;
#[cfg(feature = "split")]
use leptos::prelude::lazy;
use wasm_bindgen::prelude::wasm_bindgen;

/// Takes the server's HTML over and keeps it live; the page's script calls it once.
#[wasm_bindgen]
pub fn hydrate() {
    // Only while developing: the messages of panics are a good part of a small program.
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    // Not Leptos's own: no page has started it yet.
    wasm_bindgen_futures::spawn_local(async {
        match app::page_kind() {
            // Not split off: nearly all that it needs, all pages need. A file of its own would make a first
            // visit 17 KB larger, beyond its budget, and other pages 7 to 25 KB smaller.
            Some(PageKind::World) => app::hydrate_world(),
            Some(PageKind::Parties) => parties().await,
            Some(PageKind::Party) => party().await,
            Some(PageKind::Mail) => mail().await,
            Some(PageKind::Draw) => draw().await,
            // A document of a server that knows more pages: it stays as it is, and its forms work.
            None => {}
        }
    });
}

/// The code of `/party`.
#[cfg_attr(feature = "split", lazy)]
async fn parties() {
    app::hydrate_parties();
}

/// The code of `/party/{code}`.
#[cfg_attr(feature = "split", lazy)]
async fn party() {
    app::hydrate_party();
}

/// The code of `/mail` and `/mail/{address}`.
#[cfg_attr(feature = "split", lazy)]
async fn mail() {
    app::hydrate_mail();
}

/// The code of `/draw`.
#[cfg_attr(feature = "split", lazy)]
async fn draw() {
    app::hydrate_draw();
}
