//! The world's page.

mod page;
mod page_cache;
pub(crate) use page_cache::PageCache;

use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use web::AppState;

/// The page, which is kept compressed, and the way to that of another region.
pub(crate) fn page() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .route("/", get(page::show))
        .route("/elsewhere/{region}", get(page::show_elsewhere))
}
