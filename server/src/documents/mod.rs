//! What all kinds of documents share: REST calls, the form that changes one, limits and errors.
//!
//! A socket, a REST call and a form all end in the engine's same function. A kind of document says in [`Offered`] what cannot
//! be derived, and gets its calls and its form by [`routes`], and the call that creates one by [`creating`]; the API's document
//! follows from its types.

mod offered;
pub(crate) use offered::{CreateOffered, Offered};

mod place;
pub(crate) use place::Named;

mod acting;
pub(crate) use acting::{create, of};

mod shown;
pub(crate) use shown::Shown;

mod problem;
pub(crate) use problem::too_many_changes;

mod bodies;
mod calls;
mod describe;
mod forms;

use crate::state::AppState;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use edge::Sources;
use protocol::Poll;
use utoipa_axum::router::OpenApiRouter;

/// The largest body of a call or form: a form's escapes take up to three bytes for each of a change, and other fields come
/// beside it.
pub(crate) const BODY_MAX_BYTES: usize = 8 * protocol::CHANGE_MAX_BYTES;

/// The engine's sources with one line for every kind of document.
pub(crate) fn sources() -> Sources {
    Sources::default().with_document::<Poll>()
}

/// The calls that show and change a kind of document, and the form that changes it.
pub(crate) fn routes<D: Offered>() -> OpenApiRouter<AppState> {
    let form = get(forms::to_page::<D>).post(forms::change::<D>);
    OpenApiRouter::new()
        .routes(describe::show::<D>(get(calls::show::<D>)))
        .routes(describe::change::<D>(post(calls::change::<D>)))
        .route(&format!("{}/changes", place::page_path::<D>()), form)
        .layer(DefaultBodyLimit::max(BODY_MAX_BYTES))
}

/// The call that creates one of a kind.
pub(crate) fn creating<D: CreateOffered>() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(describe::create::<D>(post(calls::create::<D>)))
        .layer(DefaultBodyLimit::max(BODY_MAX_BYTES))
}
