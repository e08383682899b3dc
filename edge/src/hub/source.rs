//! Where the state of a topic comes from.

use super::any_source::{AnySource, erased};
use crate::PersonId;
use crate::document::{Kind, Kinds, Parts, Plan, build};
use crate::redis::LinkError;
use protocol::live::Topic;
use protocol::{Document, Problem};
use std::sync::Arc;
use tokio::sync::watch;

/// Who wants to watch something.
#[derive(Clone)]
pub struct Viewer {
    /// The person; a program without a cookie is one that nobody knows.
    pub person: PersonId,
    /// Bounds how many unknown keys may be tried; `None` for callers that are trusted.
    pub misses: Option<Arc<dyn MissLimit>>,
}

/// Bounds how often somebody may name a key that does not exist, so that nobody can find one by trying.
pub trait MissLimit: Send + Sync {
    /// Whether another key may be named.
    ///
    /// # Errors
    /// The seconds to wait.
    fn may_name(&self) -> Result<(), u32>;
    /// The key did not exist; so many did not in the last minute in the whole cluster, this one included.
    fn missed(&self, in_cluster: u32);
}

/// Why a session does not watch something.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WatchError {
    /// No source has that topic: a newer page than this server.
    #[error("there is no such topic")]
    UnknownTopic,
    /// The key does not belong to the topic.
    #[error("{0}")]
    BadKey(String),
    /// The session watches as many keys as it may.
    #[error("a session watches at most {0} topics")]
    TooMany(usize),
    /// It is not for this viewer.
    #[error("this may be watched by its owner only")]
    Denied,
    /// The viewer named too many keys that do not exist; they may name one again after so many seconds.
    #[error("too many keys that do not exist, for {0} s")]
    TooManyMisses(u32),
    /// Whether the viewer may watch it cannot be known now: try again.
    #[error(transparent)]
    Link(#[from] LinkError),
}

/// A state, and what changed since the state loaded before.
#[derive(Clone, Debug)]
pub struct Update<S> {
    /// The whole state.
    pub whole: S,
    /// What changed, for those who have the state before; `None` where only the whole will do.
    pub change: Option<S>,
}

impl<S> From<S> for Update<S> {
    fn from(whole: S) -> Self {
        Self {
            whole,
            change: None,
        }
    }
}

/// The source of a topic's state.
pub trait Source: Send + Sync + 'static {
    /// The topic.
    type Topic: Topic;

    /// How many keys one call of [`load`](Self::load) takes at most: a bound on how long it blocks Redis.
    const LOAD_MAX: usize;

    /// Whether that viewer may watch that key; the key to watch, such as an address whose alias is resolved.
    ///
    /// # Errors
    /// [`WatchError`].
    fn admit(
        &self,
        viewer: &Viewer,
        key: <Self::Topic as Topic>::Key,
    ) -> impl Future<Output = Result<<Self::Topic as Topic>::Key, WatchError>> + Send;

    /// The Redis channel that announces changes of a key; `None` where [`changes`](Self::changes) alone does.
    fn channel(&self, key: &<Self::Topic as Topic>::Key) -> Option<String>;

    /// Announces from memory that any key may have changed. Where it does, states are in memory: they are loaded when they
    /// are about to be sent.
    fn changes(&self) -> Option<watch::Receiver<u64>> {
        None
    }

    /// The state at this moment, for a new watcher, where it is in memory and depends on the time.
    fn now(&self, _key: &<Self::Topic as Topic>::Key) -> Option<<Self::Topic as Topic>::State> {
        None
    }

    /// The key of the next source in the table that a viewer of this key watches too: what they alone see of it.
    fn own_key(&self, _viewer: &Viewer, _key: &<Self::Topic as Topic>::Key) -> Option<String> {
        None
    }

    /// Why nobody watches a key of that state any longer, such as a mailbox that has no owner now: all who do are told, and
    /// have to ask again.
    fn over(&self, _state: &<Self::Topic as Topic>::State) -> Option<Problem> {
        None
    }

    /// Loads the states of these keys, in this order; `None` for a key of which there is nothing to tell.
    ///
    /// # Errors
    /// [`LinkError`] where Redis did not answer; it is tried again.
    fn load(
        &self,
        keys: &[<Self::Topic as Topic>::Key],
    ) -> impl Future<Output = Result<Loaded<Self::Topic>, LinkError>> + Send;
}

/// What [`Source::load`] returns: a state for each key.
pub type Loaded<T> = Vec<Option<Update<<T as Topic>::State>>>;

/// A table of sources: one for every topic that sessions can watch.
#[derive(Clone, Default)]
pub struct Sources {
    all: Vec<Arc<dyn AnySource>>,
    /// Kinds of documents, which are built with the engine.
    plans: Vec<Plan>,
}

impl Sources {
    /// Adds a source. Of two with one topic the first counts.
    #[must_use]
    pub fn with<S: Source>(mut self, source: S) -> Self {
        self.all.push(erased(source));
        self
    }

    /// Adds a source of which every viewer sees something else.
    #[cfg(any(feature = "parties", feature = "mail"))]
    pub(crate) fn with_personal(mut self, source: impl super::PersonalSource) -> Self {
        self.all.push(super::personal(source));
        self
    }

    /// Adds a kind of document, which sessions can change too.
    #[must_use]
    pub fn with_document<D: Document>(mut self) -> Self {
        self.plans.push(build::<D>);
        self
    }

    /// Builds the kinds of documents, and adds their sources.
    pub(crate) fn build(&mut self, parts: &Parts) -> Kinds {
        let kinds = self.plans.drain(..).map(|plan| plan(parts));
        let documents = kinds.map(|Kind { documents, sources }| {
            self.all.extend(sources);
            documents
        });
        Kinds::new(documents.collect())
    }

    pub(super) fn all(&self) -> &[Arc<dyn AnySource>] {
        &self.all
    }
}
