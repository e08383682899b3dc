//! The draw: REST calls, page and forms.

mod calls;
mod own;
mod own_calls;
mod page;
pub(crate) use own::forget;

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

/// The draw's page, and what is the visitor's own: the calls and forms by which they take part.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(own_calls::join, own_calls::show, own_calls::stop))
        .route("/draw", get(page::show_draw))
        .route("/draw/player", get(page::to_page).post(page::join))
        .route("/draw/player/stop", get(page::to_page).post(page::stop))
}
