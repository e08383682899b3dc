//! Documents as sessions watch them: what everybody sees, and what one person sees.

use super::Documents;
use super::reply::own_frame;
use super::state::Stored;
use crate::PersonId;
use crate::hub::{AnySource, BoxFuture, Encoded, Loaded, Source, Viewer, WatchError};
use crate::redis::LinkError;
use protocol::live::RawJson;
use protocol::{Document, DocumentTopic, Revised};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::task::JoinSet;
use tracing::error;

/// What everybody sees of a kind of document, as a source of frames.
pub(super) struct DocumentSource<D: Document>(pub(super) Documents<D>);

impl<D: Document> Source for DocumentSource<D> {
    type Topic = DocumentTopic<D>;

    /// Each is a call of its own, as each is in a slot of its own.
    const LOAD_MAX: usize = 64;

    /// Anyone who knows a key may watch its document.
    async fn admit(&self, _: &Viewer, key: D::Key) -> Result<D::Key, WatchError> {
        Ok(key)
    }

    fn channel(&self, key: &D::Key) -> Option<String> {
        Some(self.0.shared.store.channel(&key.to_string()))
    }

    fn own_key(&self, viewer: &Viewer, key: &D::Key) -> Option<String> {
        Some(format!("{}:{key}", viewer.person.member()))
    }

    async fn load(&self, keys: &[D::Key]) -> Result<Loaded<DocumentTopic<D>>, LinkError> {
        let documents = self.0.clone();
        let read = move |key: D::Key| {
            let documents = documents.clone();
            async move { documents.shared.read(&key, &[]).await }
        };
        let found = each(keys.to_vec(), read).await?;
        let updates = found.into_iter().map(|stored| {
            let Stored { rev, value, .. } = stored?;
            let revised = value.map(|mut value| {
                value.redact();
                Revised { rev, value }
            });
            Some(revised.into())
        });
        Ok(updates.collect())
    }
}

/// What single persons see of a kind of document. Its keys are a person's id and a document's key; sessions that watch the
/// document watch it too, and nobody else can.
pub(super) struct OwnSource<D: Document>(pub(super) Documents<D>);

/// A person and a document, from a key.
fn whose<D: Document>(key: &str) -> Option<(PersonId, D::Key)> {
    let (person, key) = key.split_once(':')?;
    Some((
        PersonId::of_member(person)?,
        D::Key::try_from(key.to_owned()).ok()?,
    ))
}

impl<D: Document> AnySource for OwnSource<D> {
    fn name(&self) -> &'static str {
        D::NAME
    }

    fn load_max(&self) -> usize {
        500
    }

    fn admit<'a>(
        &'a self,
        _: &'a Viewer,
        _: &'a str,
    ) -> BoxFuture<'a, Result<Arc<str>, WatchError>> {
        Box::pin(async { Err(WatchError::Denied) })
    }

    fn channel(&self, key: &str) -> Option<String> {
        let (person, key) = key.split_once(':')?;
        Some(format!("{}:{person}", self.0.shared.store.channel(key)))
    }

    fn is_own(&self) -> bool {
        true
    }

    fn load<'a>(
        &'a self,
        keys: &'a [Arc<str>],
    ) -> BoxFuture<'a, Result<Vec<Option<Encoded>>, LinkError>> {
        Box::pin(async move {
            // Those who watch one document are read with one call.
            let mut persons: HashMap<String, (D::Key, Vec<PersonId>)> = HashMap::new();
            for (person, key) in keys.iter().filter_map(|key| whose::<D>(key)) {
                let entry = persons.entry(key.to_string());
                entry.or_insert_with(|| (key, Vec::new())).1.push(person);
            }
            let documents = self.0.clone();
            let read = move |(key, persons): (D::Key, Vec<PersonId>)| {
                let documents = documents.clone();
                async move {
                    Ok((
                        key.to_string(),
                        documents.shared.read(&key, &persons).await?,
                    ))
                }
            };
            let found = each(persons.into_values().collect(), read).await?;
            let found: HashMap<_, _> = found.into_iter().flatten().collect();
            let encode = |key: &Arc<str>| {
                let (person, key) = whose::<D>(key)?;
                let key = key.to_string();
                let stored = found.get(&key)?;
                let own = stored.owns.get(&person)?;
                let whole = own_frame::<D>(&key, stored.rev, 0, RawJson::of(own))?;
                Some(Encoded::whole(whole))
            };
            Ok(keys.iter().map(encode).collect())
        })
    }
}

/// Runs a call for each of these side by side; what they return, in this order. One that cannot be read must not keep the
/// others back.
async fn each<A, T, F>(all: Vec<A>, call: impl Fn(A) -> F) -> Result<Vec<Option<T>>, LinkError>
where
    T: Send + 'static,
    F: Future<Output = Result<T, LinkError>> + Send + 'static,
{
    let mut calls = JoinSet::new();
    for (at, one) in all.into_iter().enumerate() {
        let call = call(one);
        calls.spawn(async move { (at, call.await) });
    }
    let mut answers = calls.join_all().await;
    answers.sort_by_key(|(at, _)| *at);
    let answers = answers.into_iter().map(|(_, answer)| match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.is_of_the_call() => {
            error!(%error, "Failed to read a document");
            Ok(None)
        }
        Err(error) => Err(error),
    });
    answers.collect()
}
