//! Sources of any topic, as the hub knows them: keys as text, states encoded.

use super::message::Message;
use super::source::{Source, Update, Viewer, WatchError};
use crate::redis::LinkError;
use protocol::Problem;
use protocol::live::{ServerFrame, StateFrame, Topic};
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::watch;
use tracing::error;

/// An encoded state.
#[derive(Debug)]
pub(crate) struct Encoded {
    pub(crate) whole: Message,
    pub(crate) change: Option<Message>,
    /// Whether it says that the key is not watched any longer.
    pub(crate) is_last: bool,
    /// Another channel that announces changes of it.
    pub(crate) also: Option<String>,
}

impl Encoded {
    /// A state of which there are no parts.
    pub(crate) fn whole(whole: Message) -> Self {
        Self {
            whole,
            change: None,
            is_last: false,
            also: None,
        }
    }
}

pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A [`Source`] of any topic, its keys as text and its states encoded.
pub(crate) trait AnySource: Send + Sync {
    fn name(&self) -> &'static str;
    fn load_max(&self) -> usize;
    fn admit<'a>(
        &'a self,
        viewer: &'a Viewer,
        key: &'a str,
    ) -> BoxFuture<'a, Result<Arc<str>, WatchError>>;
    fn channel(&self, key: &str) -> Option<String>;
    /// Whether every viewer sees something else.
    fn is_personal(&self) -> bool {
        false
    }
    /// What [`admit`](Self::admit) makes of a key, where that follows from the viewer alone.
    fn admitted(&self, _viewer: &Viewer, key: &str) -> Arc<str> {
        key.into()
    }
    fn changes(&self) -> Option<watch::Receiver<u64>> {
        None
    }
    fn now(&self, _key: &str) -> Option<Message> {
        None
    }
    fn own_key(&self, _viewer: &Viewer, _key: &str) -> Option<Arc<str>> {
        None
    }
    /// Whether it is watched along with another source only.
    fn is_own(&self) -> bool {
        false
    }
    fn load<'a>(
        &'a self,
        keys: &'a [Arc<str>],
    ) -> BoxFuture<'a, Result<Vec<Option<Encoded>>, LinkError>>;
}

/// A source of any topic.
pub(crate) fn erased<S: Source>(source: S) -> Arc<dyn AnySource> {
    Arc::new(Erased(source))
}

struct Erased<S>(S);

impl<S: Source> AnySource for Erased<S> {
    fn name(&self) -> &'static str {
        S::Topic::NAME
    }

    fn load_max(&self) -> usize {
        S::LOAD_MAX.max(1)
    }

    fn admit<'a>(
        &'a self,
        viewer: &'a Viewer,
        key: &'a str,
    ) -> BoxFuture<'a, Result<Arc<str>, WatchError>> {
        Box::pin(async move {
            let Some(key) = parse::<S>(key) else {
                let reason = format!("`key` is not one of the topic `{}`", S::Topic::NAME);
                return Err(WatchError::BadKey(reason));
            };
            Ok(self.0.admit(viewer, key).await?.to_string().into())
        })
    }

    fn channel(&self, key: &str) -> Option<String> {
        self.0.channel(&parse::<S>(key)?)
    }

    fn changes(&self) -> Option<watch::Receiver<u64>> {
        self.0.changes()
    }

    fn now(&self, key: &str) -> Option<Message> {
        let key = parse::<S>(key)?;
        encode::<S::Topic>(&key, &self.0.now(&key)?)
    }

    fn own_key(&self, viewer: &Viewer, key: &str) -> Option<Arc<str>> {
        Some(self.0.own_key(viewer, &parse::<S>(key)?)?.into())
    }

    fn load<'a>(
        &'a self,
        keys: &'a [Arc<str>],
    ) -> BoxFuture<'a, Result<Vec<Option<Encoded>>, LinkError>> {
        Box::pin(async move {
            // All of them were admitted, so all are keys.
            let keys: Vec<_> = keys.iter().filter_map(|key| parse::<S>(key)).collect();
            let updates = self.0.load(&keys).await?;
            let encoded = keys.iter().zip(updates).map(|(key, update)| {
                let Update { whole, change } = update?;
                let over = self.0.over(&whole);
                let is_last = over.is_some();
                let whole = match over {
                    Some(problem) => encode_end::<S::Topic>(key, problem)?,
                    None => encode::<S::Topic>(key, &whole)?,
                };
                let change = change.and_then(|change| encode::<S::Topic>(key, &change));
                Some(Encoded {
                    whole,
                    change: change.filter(|_| !is_last),
                    is_last,
                    also: None,
                })
            });
            Ok(encoded.collect())
        })
    }
}

fn parse<S: Source>(key: &str) -> Option<<S::Topic as Topic>::Key> {
    <S::Topic as Topic>::Key::try_from(key.to_owned()).ok()
}

/// A state as sessions get it.
pub(super) fn encode<T: Topic>(key: &T::Key, state: &T::State) -> Option<Message> {
    as_json(
        T::NAME,
        StateFrame::of::<T>(key, state).map(ServerFrame::State),
    )
}

/// What sessions get last of a key.
fn encode_end<T: Topic>(key: &T::Key, problem: Problem) -> Option<Message> {
    let frame = ServerFrame::Unwatched {
        topic: T::NAME.into(),
        key: key.to_string(),
        problem,
    };
    as_json(T::NAME, Ok(frame))
}

fn as_json(topic: &str, frame: serde_json::Result<ServerFrame>) -> Option<Message> {
    match frame.and_then(|frame| serde_json::to_vec(&frame)) {
        Ok(json) => Some(Message::text(&json)),
        Err(error) => {
            error!(%error, topic, "Failed to encode a state");
            None
        }
    }
}
