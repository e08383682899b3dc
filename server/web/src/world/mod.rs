//! The world: REST calls and the click form.

mod clicks;
pub(crate) use clicks::{too_many_clicks, too_many_waiting};
mod report;

use crate::openapi::group;
use crate::state::AppState;
use axum::routing::post;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The world's calls and the click form.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    let about = "Every region's numbers, and the clicks that change them.";
    group("world", about)
        .routes(routes!(report::show))
        .routes(routes!(clicks::click))
        .route("/clicks", post(clicks::click_by_form))
}
