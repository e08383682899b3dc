//! Where documents are.

use super::problem::missing;
use crate::error::HttpError;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use protocol::Document;

/// Whether there is only one of the kind.
pub(super) fn is_single<D: Document>() -> bool {
    D::Key::try_from(String::new()).is_ok()
}

/// The path of the pages of a kind.
pub(super) fn page_path<D: Document>() -> String {
    match D::Key::try_from(String::new()) {
        Ok(only) => D::path(&only),
        Err(_) => format!("/{}/{{key}}", D::NAME),
    }
}

/// The path of the form that changes one.
pub(super) fn form_path<D: Document>() -> String {
    match is_single::<D>() {
        true => format!("/{}/changes", D::NAME),
        false => format!("/{}/{{key}}/changes", D::NAME),
    }
}

/// The path of the page that creates one.
pub(super) fn new_path<D: Document>() -> String {
    format!("/{}", D::NAME)
}

/// The group of a kind's calls: its name, in the plural where there can be several.
pub(super) fn group<D: Document>() -> String {
    match is_single::<D>() {
        true => D::NAME.to_owned(),
        false => format!("{}s", D::NAME),
    }
}

/// The path of all documents of a kind over REST.
pub(super) fn call_path<D: Document>() -> String {
    format!("/api/{}", group::<D>())
}

/// The path of one over REST.
pub(super) fn call_path_of_one<D: Document>() -> String {
    match is_single::<D>() {
        true => call_path::<D>(),
        false => format!("{}/{{key}}", call_path::<D>()),
    }
}

/// The key in a path; the empty one where there is none.
pub(super) struct Named<D: Document>(pub(super) D::Key);

impl<D: Document, S: Send + Sync> FromRequestParts<S> for Named<D> {
    type Rejection = HttpError;

    /// There is no document of a key that cannot be one.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, HttpError> {
        let named = RawPathParams::from_request_parts(parts, state).await;
        let named = named.map_err(|_| missing::<D>())?;
        let mut keys = named.iter().filter(|(name, _)| *name == "key");
        let key = keys.next().map_or("", |(_, key)| key);
        let key = D::Key::try_from(key.to_owned());
        Ok(Self(key.map_err(|_| missing::<D>())?))
    }
}
