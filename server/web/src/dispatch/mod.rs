//! Dispatch: which instance a visitor is sent to.

mod managers;
mod ping;

use crate::openapi::group;
use crate::state::AppState;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The calls of dispatch.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    group("dispatch", "Which instance a visitor is sent to.")
        .routes(routes!(managers::find))
        .routes(routes!(managers::list))
        .routes(routes!(ping::ping, ping::ping_options))
}
