//! What this is, for who comes for the first time: a page that the server writes itself, with a live picture.
//!
//! No page's code has to know it: its picture is HTML, which a small script of its own keeps live.

mod page;
mod picture;
mod source;
pub(crate) use source::Source;

use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use web::AppState;

/// The page.
pub(crate) fn pages() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().route("/about", get(page::show))
}
