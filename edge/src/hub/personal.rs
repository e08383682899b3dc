//! Sources of which every viewer sees something else under the same name, such as how much they have not read.

use super::any_source::{AnySource, BoxFuture, Encoded, encode};
use super::source::{Viewer, WatchError};
use crate::redis::LinkError;
use protocol::live::{NoKey, Topic};
use std::sync::Arc;
use tokio::sync::watch;

/// The source of a topic without keys, of which each viewer has a state of their own.
///
/// What identifies that state stays within the engine: no frame names it.
pub(crate) trait PersonalSource: Send + Sync + 'static {
    /// The topic.
    type Topic: Topic<Key = NoKey>;

    /// As of [`Source`](super::Source).
    const LOAD_MAX: usize;

    /// What identifies the state of that viewer.
    fn identify(&self, viewer: &Viewer) -> impl Future<Output = Result<String, WatchError>> + Send;

    /// The Redis channel that announces changes of that state; `None` where it has none.
    fn channel(&self, id: &str) -> Option<String>;

    /// Loads these states, in this order; `None` where there is nothing to tell.
    fn load(
        &self,
        ids: &[Arc<str>],
    ) -> impl Future<Output = Result<Vec<Option<Personal<Self::Topic>>>, LinkError>> + Send;
}

/// A state of one viewer's.
pub(crate) struct Personal<T: Topic> {
    pub(crate) state: T::State,
    /// Whether it is no longer theirs from then on.
    pub(crate) is_last: bool,
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
            Ok(self.0.identify(viewer).await?.into())
        })
    }

    fn channel(&self, key: &str) -> Option<String> {
        self.0.channel(key)
    }

    fn changes(&self) -> Option<watch::Receiver<u64>> {
        None
    }

    fn now(&self, _: &str) -> Option<super::Message> {
        None
    }

    fn own_key(&self, _: &Viewer, _: &str) -> Option<Arc<str>> {
        None
    }

    fn load<'a>(
        &'a self,
        keys: &'a [Arc<str>],
    ) -> BoxFuture<'a, Result<Vec<Option<Encoded>>, LinkError>> {
        Box::pin(async move {
            let states = self.0.load(keys).await?;
            let encoded = states.into_iter().map(|loaded| {
                let Personal { state, is_last } = loaded?;
                Some(Encoded {
                    is_last,
                    ..Encoded::whole(encode::<S::Topic>(&NoKey, &state)?)
                })
            });
            Ok(encoded.collect())
        })
    }
}
