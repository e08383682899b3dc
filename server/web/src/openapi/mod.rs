//! The REST API's description of itself, and its viewer.

mod docs;
mod document;
pub(crate) use document::{Document, describe};

use crate::state::AppState;
use axum::routing::get;
use utoipa::openapi::OpenApiBuilder;
use utoipa::openapi::tag::TagBuilder;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Routes whose calls are a group of that name in the API's document: `#[utoipa::path(…, tag = "NAME")]`.
pub fn group(name: &str, about: &str) -> OpenApiRouter<AppState> {
    let tag = TagBuilder::new().name(name).description(Some(about));
    let api = OpenApiBuilder::new().tags(Some([tag.build()]));
    OpenApiRouter::with_openapi(api.build())
}

/// The document and its viewer.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(document::show))
        .route("/api/docs", get(docs::page))
        .route("/api/docs/{file}", get(docs::file))
}
