//! The world: REST calls, the click form and the page.

mod clicks;
pub(crate) use clicks::{too_many_clicks, too_many_waiting};
mod page;
pub(crate) mod page_cache;
mod report;

use crate::state::AppState;
use axum::routing::{get, post};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The world's calls and the click form.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(report::show))
        .routes(routes!(clicks::click))
        .route("/clicks", post(clicks::click_by_form))
}

/// The world's page, which is kept compressed.
pub(crate) fn page() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().route("/", get(page::show))
}
