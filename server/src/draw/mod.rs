//! The draw: REST calls and page.

mod calls;
mod page;

use crate::state::AppState;
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The draw's calls, answered from memory and open to pages of every site.
pub(crate) fn calls() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(calls::ask))
        .routes(routes!(calls::player))
        .routes(routes!(calls::show))
}

/// The draw's page.
pub(crate) fn pages() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().route("/draw", get(page::show_draw))
}
