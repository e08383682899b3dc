//! The handle to one kind of document.

use super::ChangeError;
use super::mark::{ChangeSource, SourceId, digest};
use super::reply::{Outcome, Reply};
use super::state::{Stored, Waiting, json};
use super::store::Store;
use super::writer::Writer;
use crate::hub::Answered;
use crate::redis::LinkError;
use crate::sync::lock;
use crate::tasks::Tasks;
use crate::{Metrics, PersonId};
use moka::sync::Cache;
use protocol::live::RawJson;
use protocol::{CHANGE_MAX_BYTES, Document, Seen, SessionId};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;
use tokio::sync::{Semaphore, oneshot};

/// The most changes of one document that wait at an instance.
const WAITING_MAX: usize = 4096;
/// About how much room all waiting changes of a kind may take at an instance.
const WAITING_MAX_BYTES: usize = 32 << 20;
/// What a waiting change takes besides its text.
const WAITING_BYTES: usize = 256;
/// About how much room the documents that were changed lately may take.
const KNOWN_MAX_BYTES: u64 = 32 << 20;
/// The most calls to Redis under way at once for one kind of document.
const CALLS_MAX: usize = 256;

/// All documents of one kind. Cheap to clone.
///
/// An instance gathers changes of a document while a call for it is under way, decides on all of them in the order in which they
/// came, and stores the result with one call, unless the document was changed elsewhere meanwhile: then it decides anew.
pub struct Documents<D: Document> {
    pub(crate) shared: Arc<Shared<D>>,
}

impl<D: Document> Clone for Documents<D> {
    fn clone(&self) -> Self {
        let shared = self.shared.clone();
        Self { shared }
    }
}

/// A document that was changed lately, for whoever changes it next. The cache holds on to what it gave away, so it is emptied.
pub(super) struct Recent<D: Document> {
    pub(super) stored: Arc<Mutex<Option<Stored<D>>>>,
    weight: u32,
}

impl<D: Document> Clone for Recent<D> {
    fn clone(&self) -> Self {
        Self {
            stored: self.stored.clone(),
            weight: self.weight,
        }
    }
}

impl<D: Document> Recent<D> {
    pub(super) fn new(stored: Stored<D>) -> Self {
        Self {
            weight: stored.weight(),
            stored: Arc::new(Mutex::new(Some(stored))),
        }
    }
}

/// Gives room for waiting changes back when it is dropped.
pub(super) struct Room<'a> {
    waiting_bytes: &'a AtomicUsize,
    bytes: usize,
}

impl Drop for Room<'_> {
    fn drop(&mut self) {
        self.waiting_bytes.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// See [`Documents`].
pub(crate) struct Shared<D: Document> {
    pub(crate) store: Store<D>,
    /// The most documents that a person creates.
    pub(super) most: u32,
    pub(super) instance: Arc<str>,
    tasks: Tasks,
    pub(super) metrics: Metrics,
    /// What waits, by document; an empty queue is of a writer that works on the last of it.
    pub(super) queues: Mutex<HashMap<String, Vec<Waiting<D>>>>,
    waiting_bytes: AtomicUsize,
    /// Documents that were changed lately.
    pub(super) known: Cache<String, Recent<D>>,
    pub(super) calls: Semaphore,
    /// Numbers the changes that only this instance repeats.
    once: AtomicU64,
}

impl<D: Document> Documents<D> {
    pub(super) fn new(
        store: Store<D>,
        most: u32,
        instance: &str,
        tasks: Tasks,
        metrics: Metrics,
    ) -> Self {
        let shared = Shared {
            store,
            most,
            instance: instance.into(),
            tasks,
            metrics,
            queues: Mutex::default(),
            waiting_bytes: AtomicUsize::new(0),
            known: Cache::builder()
                .weigher(|_, recent: &Recent<D>| recent.weight)
                .max_capacity(KNOWN_MAX_BYTES)
                .build(),
            calls: Semaphore::new(CALLS_MAX),
            once: AtomicU64::new(0),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Reads a document as that person sees it, or as somebody does who never changed it; `None` where there is none.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn read(
        &self,
        key: &D::Key,
        person: Option<PersonId>,
    ) -> Result<Option<Seen<D, D::Own>>, LinkError> {
        // Nobody has this id.
        let person = person.unwrap_or(PersonId([0; 16]));
        let stored = self.shared.read(key, &[person]).await?;
        Ok(stored.seen(person))
    }

    /// Changes a document: once, however often it is repeated with the same idempotency key. What the person sees then.
    ///
    /// Bound the wait: while Redis is away, the change waits with all others.
    ///
    /// # Errors
    /// [`ChangeError`].
    pub async fn change(
        &self,
        key: &D::Key,
        person: PersonId,
        source: ChangeSource,
        change: D::Change,
    ) -> Outcome<D> {
        let (reply, answer) = oneshot::channel();
        let text = json(&change);
        let (source, seq, hash) = match source {
            ChangeSource::Once => {
                let source = SourceId::instance(&self.shared.instance);
                // Numbered as they queue up.
                (source, 0, String::new())
            }
            ChangeSource::Key(used) => {
                let source = SourceId::key(&person.member(), &used);
                (source, 1, digest(&[&text]))
            }
        };
        let waiting = Waiting {
            source,
            seq,
            hash,
            person,
            change,
            bytes: text.len() + WAITING_BYTES,
            is_late: false,
            since: Instant::now(),
            refusal: None,
            reply: Reply::Call(reply),
        };
        self.add(key, waiting, text.len())?;
        // Whoever worked on it was ended, perhaps after it was stored.
        answer
            .await
            .unwrap_or(Err(ChangeError::Link(LinkError::Timeout)))
    }

    /// Takes a session's change; it is answered to the session.
    pub(super) fn change_in_session(
        &self,
        (key, change): (&str, &RawJson),
        (session, seq): (&SessionId, u64),
        person: PersonId,
        answered: Arc<dyn Answered>,
    ) -> Result<(), ChangeError> {
        let unreadable = |what| {
            ChangeError::Unreadable(format!(
                "`{what}` is not one of {}. Reload the page: it may be older than the server.",
                D::NAME
            ))
        };
        let parsed = D::Key::try_from(key.to_owned()).map_err(|_| unreadable("key"))?;
        let waiting = Waiting {
            source: SourceId::session(session),
            seq,
            hash: String::new(),
            person,
            change: change.read().ok_or_else(|| unreadable("change"))?,
            bytes: change.as_str().len() + WAITING_BYTES,
            is_late: false,
            since: Instant::now(),
            refusal: None,
            reply: Reply::Session(answered),
        };
        self.add(&parsed, waiting, change.as_str().len())
    }

    fn add(&self, key: &D::Key, mut change: Waiting<D>, length: usize) -> Result<(), ChangeError> {
        if length > CHANGE_MAX_BYTES {
            return Err(ChangeError::TooLarge {
                max_bytes: CHANGE_MAX_BYTES,
            });
        }
        if self.shared.tasks.feeders.is_ending() {
            return Err(ChangeError::Stopping);
        }
        let name = key.to_string();
        let mut queues = lock(&self.shared.queues);
        let is_full = queues
            .get(&name)
            .is_some_and(|waiting| waiting.len() >= WAITING_MAX);
        if is_full || self.shared.waiting_bytes.load(Ordering::Relaxed) > WAITING_MAX_BYTES {
            return Err(ChangeError::Busy);
        }
        self.shared
            .waiting_bytes
            .fetch_add(change.bytes, Ordering::Relaxed);
        if let SourceId::Instance(_) = change.source {
            change.seq = self.shared.once.fetch_add(1, Ordering::Relaxed) + 1;
        }
        match queues.entry(name) {
            Entry::Occupied(mut waiting) => waiting.get_mut().push(change),
            Entry::Vacant(entry) => {
                entry.insert(vec![change]);
                drop(queues);
                let writer = Writer::new(self.shared.clone(), key);
                self.shared.tasks.feeders.spawn(|stop| writer.run(stop));
            }
        }
        Ok(())
    }
}

impl<D: Document> Shared<D> {
    /// The room of changes, which is given back once they wait no longer.
    pub(super) fn room(&self, changes: &[Waiting<D>]) -> Room<'_> {
        Room {
            waiting_bytes: &self.waiting_bytes,
            bytes: changes.iter().map(|change| change.bytes).sum(),
        }
    }

    pub(crate) async fn read(
        &self,
        key: &D::Key,
        persons: &[PersonId],
    ) -> Result<Stored<D>, LinkError> {
        let at = self.store.place(key);
        let _permit = self.calls.acquire().await;
        self.store.read(&at, persons, &[]).await
    }
}
