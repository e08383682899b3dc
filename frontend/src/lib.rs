#![doc = include_str!("../README.md")]
#![cfg(target_arch = "wasm32")]

use wasm_bindgen::prelude::wasm_bindgen;

/// A sixth of the code of Rust's own, and fast: a page allocates little.
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// Takes the server's HTML over and keeps it live; the page's script calls it once.
#[wasm_bindgen]
pub fn hydrate() {
    // Only while developing: the messages of panics are a good part of a small program.
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    // Not Leptos's own: no page has started it yet.
    wasm_bindgen_futures::spawn_local(app::hydrate());
}
