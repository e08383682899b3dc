//! Renders a page.

use crate::error::HttpError;
use crate::site::Shell;
use crate::state::AppState;
use axum::body::Body;
use axum::extract::Request;
use edge::Engine;
use leptos::config::LeptosOptions;
use leptos::prelude::provide_context;
use live::Origin;
use protocol::PageState;

/// The largest page; the world page has about 30 KB.
const PAGE_MAX_BYTES: usize = 4 << 20;

/// The part of the state that all pages share.
///
/// # Errors
/// While the world is unknown.
pub fn page_state(engine: &Engine) -> Result<PageState, HttpError> {
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

/// Renders a page as HTML.
///
/// # Errors
/// Where it is too large.
pub async fn render<P: Clone + Send + Sync + 'static>(
    state: &AppState,
    page: P,
) -> Result<String, HttpError> {
    let site = (&state.config.site, state.shell);
    let origin = Origin {
        site: state.name,
        url: state.config.canonical_url.clone(),
    };
    let context = move || {
        provide_context(page.clone());
        provide_context(origin.clone());
    };
    rendered(site, context).await
}

/// Renders the document without a page: it depends on this build alone, never on a visitor.
pub(super) async fn render_shell(state: &AppState) -> Result<String, HttpError> {
    rendered((&state.config.site, state.shell), || ()).await
}

async fn rendered(
    (site, shell): (&LeptosOptions, Shell),
    context: impl Fn() + Clone + Send + Sync + 'static,
) -> Result<String, HttpError> {
    let site = site.clone();
    let handler = leptos_axum::render_app_async_with_context(context, move || shell(site.clone()));
    let response = handler(Request::new(Body::empty())).await;
    let bytes = axum::body::to_bytes(response.into_body(), PAGE_MAX_BYTES)
        .await
        .map_err(|error| HttpError::logged(&error))?;
    String::from_utf8(bytes.into()).map_err(|error| HttpError::logged(&error))
}
