//! What a page shows of a document.

use crate::changes::Changes;
use protocol::{Document, Problem, Seen};

/// What a page shows of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown<D: Document> {
    /// The document with this page's own changes, be they confirmed or not; `None` while it is unknown, or where there is
    /// none.
    pub seen: Option<Seen<D, D::Own>>,
    /// How many changes wait for their answers.
    pub waiting: usize,
    /// Whether the server said that there is no such document.
    pub is_missing: bool,
    /// Why the last change was refused.
    pub refusal: Option<Problem>,
}

impl<D: Document> Shown<D> {
    pub(crate) fn of(changes: &Changes<D>, refusal: Option<Problem>) -> Self {
        Self {
            seen: changes.shown(),
            waiting: changes.waiting(),
            is_missing: changes.is_missing(),
            refusal,
        }
    }
}
