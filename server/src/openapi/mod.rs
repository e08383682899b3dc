//! The REST API's description of itself, and its viewer.

mod docs;
mod document;
pub(crate) use document::Document;

use crate::state::AppState;
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The document and its viewer.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(document::show))
        .route("/api/docs", get(docs::page))
        .route("/api/docs/{file}", get(docs::file))
}
