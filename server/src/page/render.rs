//! Renders a page.

use crate::error::HttpError;
use app::Page;
use axum::body::Body;
use axum::extract::Request;
use edge::Engine;
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::provide_context;
use protocol::PageState;
use std::sync::{Arc, Mutex, PoisonError};

/// The largest page; the world page has about 30 KB.
const PAGE_MAX_BYTES: usize = 4 << 20;

/// A page's HTML, and the nonce in it.
pub(crate) struct Rendered {
    pub(crate) html: String,
    pub(crate) nonce: String,
}

/// The part of the state that all pages share.
///
/// # Errors
/// While the world is unknown.
pub(crate) fn page_state(engine: &Engine) -> Result<PageState, HttpError> {
    let mirror = engine.mirror();
    if !mirror.is_full() {
        return Err(HttpError::not_ready());
    }
    Ok(PageState {
        world: mirror.world(),
        history: mirror.history(),
        region: engine.place().code.clone(),
        instance: engine.instance().to_owned(),
    })
}

/// Renders a page, with a nonce of its own.
pub(crate) async fn render(site: &LeptosOptions, page: Page) -> Result<Rendered, HttpError> {
    let nonce = Arc::new(Mutex::new(String::new()));
    let context = {
        let nonce = nonce.clone();
        move || {
            provide_context(page.clone());
            let drawn = use_nonce()
                .map(|nonce| nonce.to_string())
                .unwrap_or_default();
            *nonce.lock().unwrap_or_else(PoisonError::into_inner) = drawn;
        }
    };
    let site = site.clone();
    let handler =
        leptos_axum::render_app_async_with_context(context, move || app::shell(site.clone()));
    let response = handler(Request::new(Body::empty())).await;
    let bytes = axum::body::to_bytes(response.into_body(), PAGE_MAX_BYTES)
        .await
        .map_err(|error| HttpError::logged(&error))?;
    let html = String::from_utf8(bytes.into()).map_err(|error| HttpError::logged(&error))?;
    let nonce = nonce.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok(Rendered { html, nonce })
}
