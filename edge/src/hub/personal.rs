//! Sources of which every viewer sees something else under the same name, such as how much they have not read.

use super::any_source::{AnySource, BoxFuture, Encoded, encode};
use super::source::{Viewer, WatchError};
use crate::PersonId;
use crate::redis::LinkError;
use protocol::live::{NoKey, Topic};
use std::sync::Arc;

/// The source of a topic without keys, of which each viewer has a state of their own.
///
/// Whose it is stays within the engine: no frame names them.
pub(crate) trait PersonalSource: Send + Sync + 'static {
    /// The topic.
    type Topic: Topic<Key = NoKey>;

    /// As of [`Source`](super::Source).
    const LOAD_MAX: usize;

    /// The Redis channel that announces changes of a person's state.
    fn channel(&self, person: PersonId) -> String;

    /// Loads these persons' states, in this order; `None` where there is nothing to tell.
    fn load(
        &self,
        persons: Vec<PersonId>,
    ) -> impl Future<Output = Result<Vec<Option<Personal<Self::Topic>>>, LinkError>> + Send;
}

/// A person's state.
pub(crate) struct Personal<T: Topic> {
    pub(crate) state: T::State,
    /// Another Redis channel that announces its changes, where it also depends on something of which nothing was known
    /// before it was loaded.
    pub(crate) also: Option<String>,
}

/// A [`PersonalSource`] for the table of sources.
pub(crate) fn personal<S: PersonalSource>(source: S) -> Arc<dyn AnySource> {
    Arc::new(Erased(source))
}

struct Erased<S>(S);

impl<S: PersonalSource> AnySource for Erased<S> {
    fn name(&self) -> &'static str {
        S::Topic::NAME
    }

    fn load_max(&self) -> usize {
        S::LOAD_MAX
    }

    fn admit<'a>(
        &'a self,
        viewer: &'a Viewer,
        key: &'a str,
    ) -> BoxFuture<'a, Result<Arc<str>, WatchError>> {
        Box::pin(async move {
            if !key.is_empty() {
                let reason = format!("the topic `{}` has no keys", S::Topic::NAME);
                return Err(WatchError::BadKey(reason));
            }
            Ok(self.admitted(viewer, key))
        })
    }

    fn is_personal(&self) -> bool {
        true
    }

    fn admitted(&self, viewer: &Viewer, _: &str) -> Arc<str> {
        viewer.person.member().into()
    }

    fn channel(&self, key: &str) -> Option<String> {
        Some(self.0.channel(PersonId::of_member(key)?))
    }

    fn load<'a>(
        &'a self,
        keys: &'a [Arc<str>],
    ) -> BoxFuture<'a, Result<Vec<Option<Encoded>>, LinkError>> {
        Box::pin(async move {
            // All of them were admitted, so all are persons.
            let persons = keys.iter().filter_map(|key| PersonId::of_member(key));
            let states = self.0.load(persons.collect()).await?;
            let encoded = states.into_iter().map(|loaded| {
                let Personal { state, also } = loaded?;
                Some(Encoded {
                    also,
                    ..Encoded::whole(encode::<S::Topic>(&NoKey, &state)?)
                })
            });
            Ok(encoded.collect())
        })
    }
}
