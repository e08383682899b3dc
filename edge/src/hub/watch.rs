//! What sessions of this instance show beside the world: a party, a mailbox.

use super::topic::{Subscription, Topic};
use crate::redis::{Link, News};
use bytes::Bytes;
use std::any::Any;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::time::Instant;

/// What tells one thing of a kind from another: a party's code, a mailbox's address.
pub(crate) trait Key: Clone + Ord + Hash + Send + Sync + 'static {}

impl<K: Clone + Ord + Hash + Send + Sync + 'static> Key for K {}

/// What of one kind is watched, by whom, and what of it has news. A cheap clone.
pub(crate) struct Watches<K: Key> {
    shared: Arc<Shared<K>>,
}

struct Shared<K: Key> {
    link: Link,
    /// Names the channel that brings hints of something's changes.
    channel: Box<dyn Fn(&K) -> String + Send + Sync>,
    news: News,
    /// Locked before what the link locks, never after.
    state: Mutex<State<K>>,
}

struct State<K> {
    watched: HashMap<K, Watched>,
    by_channel: HashMap<Arc<str>, K>,
}

/// Something that at least one session shows.
struct Watched {
    topic: Topic,
    channel: Arc<str>,
    sessions: u32,
    /// When it may be read next.
    not_before: Instant,
}

/// When something that has news may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Now,
    At(Instant),
    /// Nobody shows it any more.
    Never,
}

impl<K: Key> Watches<K> {
    /// Watches nothing yet; `channel` names the channel that brings hints of something's changes.
    pub(crate) fn new(link: Link, channel: impl Fn(&K) -> String + Send + Sync + 'static) -> Self {
        let state = State {
            watched: HashMap::new(),
            by_channel: HashMap::new(),
        };
        let shared = Shared {
            link,
            channel: Box::new(channel),
            news: News::default(),
            state: Mutex::new(state),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Watches something until the watcher is dropped.
    pub(crate) fn watch(&self, key: K) -> Watcher {
        let mut state = self.state();
        let state = &mut *state;
        let entry = state.watched.entry(key.clone()).or_insert_with(|| {
            let channel: Arc<str> = (self.shared.channel)(&key).into();
            state.by_channel.insert(channel.clone(), key.clone());
            self.shared.link.follow(&channel, &self.shared.news);
            Watched {
                topic: Topic::new(),
                channel,
                sessions: 0,
                not_before: Instant::now(),
            }
        });
        entry.sessions += 1;
        Watcher {
            frames: entry.topic.subscribe(),
            _hold: Box::new(Hold {
                watches: self.clone(),
                key,
            }),
        }
    }

    /// Makes news of everything that is watched.
    pub(crate) fn all_have_news(&self) {
        for watched in self.state().watched.values() {
            self.shared.news.put(watched.channel.clone());
        }
    }

    pub(super) fn link(&self) -> &Link {
        &self.shared.link
    }

    /// Waits until something may have news since the last wait.
    pub(super) async fn news(&self) {
        self.shared.news.come().await;
    }

    /// Takes what has news.
    pub(super) fn take_news(&self) -> Vec<K> {
        let channels = self.shared.news.take();
        let state = self.state();
        let keys = channels
            .iter()
            .filter_map(|channel| state.by_channel.get(channel));
        keys.cloned().collect()
    }

    /// Makes news of these again: they could not be read.
    pub(super) fn put_back(&self, keys: &[K]) {
        let state = self.state();
        for watched in keys.iter().filter_map(|key| state.watched.get(key)) {
            self.shared.news.put(watched.channel.clone());
        }
    }

    /// Whether something may be read now, and if so, when it may be again.
    pub(super) fn turn(&self, key: &K, now: Instant, next: Instant) -> Turn {
        match self.state().watched.get_mut(key) {
            None => Turn::Never,
            Some(watched) if watched.not_before > now => Turn::At(watched.not_before),
            Some(watched) => {
                watched.not_before = next;
                Turn::Now
            }
        }
    }

    /// Hands a frame to those who watch what it tells of; whether it was new to them.
    pub(super) fn publish(&self, key: &K, frame: Bytes) -> bool {
        let state = self.state();
        let watched = state.watched.get(key);
        watched.is_some_and(|watched| watched.topic.publish_new(frame))
    }

    fn leave(&self, key: &K) {
        let mut state = self.state();
        let Some(entry) = state.watched.get_mut(key) else {
            return;
        };
        entry.sessions -= 1;
        if entry.sessions == 0 {
            let channel = entry.channel.clone();
            state.watched.remove(key);
            state.by_channel.remove(&channel);
            self.shared.link.unfollow(&channel);
        }
    }

    /// A poisoned lock guards plain values that are valid at every step: go on with them.
    fn state(&self) -> MutexGuard<'_, State<K>> {
        self.shared
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Key> Clone for Watches<K> {
    fn clone(&self) -> Self {
        Self {
            shared: self.shared.clone(),
        }
    }
}

/// One session's view of something; dropping it ends it.
pub(crate) struct Watcher {
    frames: Subscription,
    /// Dropped with it, whatever kind it is of.
    _hold: Box<dyn Any + Send>,
}

impl Watcher {
    /// Waits for a newer frame. `None` never comes: the topic lives as long as its watchers.
    ///
    /// Safe to cancel: nothing is taken before it is returned.
    pub(crate) async fn next(&mut self) -> Option<Bytes> {
        self.frames.next().await
    }
}

/// A watcher's part in what is watched.
struct Hold<K: Key> {
    watches: Watches<K>,
    key: K,
}

impl<K: Key> Drop for Hold<K> {
    fn drop(&mut self) {
        self.watches.leave(&self.key);
    }
}
