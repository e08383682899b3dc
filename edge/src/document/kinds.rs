//! The kinds of documents that an engine has.

use super::ChangeError;
use super::handle::Documents;
use super::source::{DocumentSource, OwnSource};
use super::store::Store;
use crate::hub::{Answered, AnySource, erased};
use crate::redis::{Keys, Link};
use crate::tasks::Tasks;
use crate::{Limits, Metrics, PersonId};
use protocol::live::RawJson;
use protocol::{Document, SessionId};
use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

/// What a kind is built from.
pub(crate) struct Parts {
    pub(crate) link: Link,
    pub(crate) keys: Keys,
    pub(crate) instance: String,
    pub(crate) tasks: Tasks,
    pub(crate) limits: Limits,
    pub(crate) metrics: Metrics,
}

/// A kind that is yet to be built.
pub(crate) type Plan = fn(&Parts) -> Kind;

/// A kind of document: what changes it, and its two sources.
pub(crate) struct Kind {
    pub(crate) documents: Arc<dyn AnyDocuments>,
    pub(crate) sources: [Arc<dyn AnySource>; 2],
}

/// Builds a kind.
pub(crate) fn build<D: Document>(parts: &Parts) -> Kind {
    let store = Store {
        link: parts.link.clone(),
        keys: parts.keys.clone(),
        ttl: parts.limits.document_ttl,
        keys_for: parts.limits.click_keys_for,
        kind: PhantomData,
    };
    let documents = Documents::<D>::new(
        store,
        parts.limits.documents_per_person,
        &parts.instance,
        parts.tasks.clone(),
        parts.metrics.clone(),
    );
    Kind {
        sources: [
            erased(DocumentSource(documents.clone())),
            Arc::new(OwnSource(documents.clone())),
        ],
        documents: Arc::new(documents),
    }
}

/// [`Documents`] of any kind.
pub(crate) trait AnyDocuments: Send + Sync {
    fn name(&self) -> &'static str;
    /// The handle, for who knows the kind.
    fn as_any(&self) -> &dyn Any;
    /// See [`Documents::change_in_session`].
    fn change(
        &self,
        what: (&str, &RawJson),
        source: (&SessionId, u64),
        person: PersonId,
        answered: Arc<dyn Answered>,
    ) -> Result<(), ChangeError>;
}

impl<D: Document> AnyDocuments for Documents<D> {
    fn name(&self) -> &'static str {
        D::NAME
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn change(
        &self,
        what: (&str, &RawJson),
        source: (&SessionId, u64),
        person: PersonId,
        answered: Arc<dyn Answered>,
    ) -> Result<(), ChangeError> {
        self.change_in_session(what, source, person, answered)
    }
}

/// All kinds of an engine. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Kinds(Arc<[Arc<dyn AnyDocuments>]>);

impl Kinds {
    pub(crate) fn new(kinds: Vec<Arc<dyn AnyDocuments>>) -> Self {
        Self(kinds.into())
    }

    /// The kind of that name.
    pub(crate) fn find(&self, name: &str) -> Option<&dyn AnyDocuments> {
        let mut kinds = self.0.iter();
        kinds.find(|kind| kind.name() == name).map(AsRef::as_ref)
    }

    /// The handle of a kind.
    pub(crate) fn of<D: Document>(&self) -> Option<Documents<D>> {
        self.find(D::NAME)?.as_any().downcast_ref().cloned()
    }
}
