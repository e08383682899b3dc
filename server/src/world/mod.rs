//! The world's page, and its card.

mod card;
pub(crate) use card::WorldDrawn;
mod page;
mod page_cache;
pub(crate) use page_cache::PageCache;

use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use web::AppState;

/// The page, which is kept compressed, the way to that of another region, and the card.
pub(crate) fn pages() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .route("/", get(page::show))
        .route("/elsewhere/{region}", get(page::show_elsewhere))
        .route("/cards/world.png", get(card::show))
}
