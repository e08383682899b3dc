//! What all kinds of documents share: REST calls, the form that changes one, limits and errors.
//!
//! A socket, a REST call and a form all end in the engine's same function. A kind of document says in [`Offered`] what cannot
//! be derived, and gets its page, its form and its calls by [`Site::document`](crate::Site::document), and those that create one by
//! [`Site::documents`](crate::Site::documents); the API's document follows from its types.

mod offered;
pub use offered::{Change, CreateOffered, Key, New, Offered, Own};

mod place;
use place::Named;

mod acting;

mod problem;
pub(crate) use problem::too_many_changes;

mod bodies;
mod calls;
mod describe;
mod pages;

use crate::openapi::group;
use crate::state::AppState;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use utoipa_axum::router::OpenApiRouter;

/// The largest body of a call or form: a form's escapes take up to three bytes for each of a change, and other fields come
/// beside it.
const BODY_MAX_BYTES: usize = 8 * protocol::CHANGE_MAX_BYTES;

/// The calls that show and change a kind of document, its page, and the form that changes one.
pub(crate) fn routes<O: Offered>() -> OpenApiRouter<AppState> {
    let form = get(pages::to_page::<O>).post(pages::change::<O>);
    group(&place::group::<O::Document>(), O::ABOUT)
        .routes(describe::show::<O>(get(calls::show::<O>)))
        .routes(describe::change::<O>(post(calls::change::<O>)))
        .route(&place::page_path::<O::Document>(), get(pages::show::<O>))
        .route(&place::form_path::<O::Document>(), form)
        .layer(DefaultBodyLimit::max(BODY_MAX_BYTES))
}

/// The call, the page and the form that create one of a kind.
pub(crate) fn creating<O: CreateOffered>() -> OpenApiRouter<AppState> {
    let page = get(pages::show_new::<O>).post(pages::create::<O>);
    OpenApiRouter::new()
        .route(&place::new_path::<O::Document>(), page)
        .routes(describe::create::<O>(post(calls::create::<O>)))
        .layer(DefaultBodyLimit::max(BODY_MAX_BYTES))
}
