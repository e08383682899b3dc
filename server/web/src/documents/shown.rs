//! What a page shows of a document.

use super::acting;
use crate::error::HttpError;
use crate::page::status;
use crate::state::AppState;
use axum::http::StatusCode;
use edge::PersonId;
use protocol::{Document, Problem, Seen};

/// A document as a page's visitor sees it.
pub struct Shown<D: Document> {
    /// `None` where there is none, or Redis did not answer.
    pub seen: Option<Seen<D, D::Own>>,
    /// Whether Redis answered.
    pub is_known: bool,
}

impl<D: Document> Shown<D> {
    /// Looks a document up for a visitor. Without Redis there is a page, too, which says so.
    ///
    /// # Errors
    /// Where the engine does not know the kind.
    pub async fn find(
        state: &AppState,
        key: &D::Key,
        person: Option<PersonId>,
    ) -> Result<Self, HttpError> {
        let read = acting::of::<D>(state)?.read(key, person).await;
        if let Err(error) = &read {
            tracing::warn!(%error, "Redis did not answer for the page of a document");
        }
        Ok(Self {
            is_known: read.is_ok(),
            seen: read.ok().flatten(),
        })
    }

    /// The status of its page: the problem's, unless there is no document to show.
    pub fn status(&self, problem: Option<&Problem>) -> StatusCode {
        match (&self.seen, self.is_known) {
            (Some(_), _) => status(problem),
            (None, true) => StatusCode::NOT_FOUND,
            (None, false) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}
