//! The world's page, and its card.

mod card;
pub(crate) use card::WorldDrawn;
mod page;
mod page_cache;
pub(crate) use page_cache::PageCache;

use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use web::AppState;

/// The page, which is kept compressed, and the card, which is.
pub(crate) fn pages() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .route("/", get(page::show))
        .route("/cards/world.png", get(card::show))
}
