//! What the pages of documents are rendered from.

use super::{Create, Document, Seen};
use crate::{PageState, Problem};
use serde::{Deserialize, Serialize};

/// What the page of a document is rendered from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct DocumentState<D: Document> {
    /// What every page is rendered from.
    pub page: PageState,
    /// The document's key.
    pub key: D::Key,
    /// The document as the visitor sees it; `None` where there is none, or Redis did not answer.
    pub seen: Option<Seen<D, D::Own>>,
    /// Whether Redis answered.
    pub is_known: bool,
    /// The page's address, to be shared.
    pub link: String,
    /// Why a form was refused.
    pub problem: Option<Problem>,
}

/// What the page that creates documents of a kind is rendered from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct NewDocumentState<D: Create> {
    /// What every page is rendered from.
    pub page: PageState,
    /// What was typed into the form, where it was refused.
    pub new: D::New,
    /// The form's idempotency key: sent twice, it creates one document.
    pub form_key: String,
    /// The visitor's own documents of the kind, newest first.
    pub own: Vec<DocumentLink<D>>,
    /// Whether Redis answered.
    pub is_known: bool,
    /// Why the form was refused.
    pub problem: Option<Problem>,
}

/// A document in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct DocumentLink<D: Create> {
    /// Its key.
    pub key: D::Key,
    /// [`Create::title`].
    pub title: String,
}
