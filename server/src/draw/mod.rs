//! The draw: REST calls and page.

mod calls;
mod page;

use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::{AppState, group};

/// The draw's calls, answered from memory and open to pages of every site.
pub(crate) fn calls() -> OpenApiRouter<AppState> {
    let about = "A million players with new points each round, two of whom are drawn.";
    group("draw", about)
        .routes(routes!(calls::ask))
        .routes(routes!(calls::player))
        .routes(routes!(calls::show))
}

/// The draw's page.
pub(crate) fn pages() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().route("/draw", get(page::show_draw))
}
