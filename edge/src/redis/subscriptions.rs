//! Channels that come and go while the connection stays.
//!
//! What a channel brings is a hint that something has changed, and a follower reads what that is. So nothing
//! needs to queue: [`News`] is the set of a follower's channels that have news, however often. It is bounded by
//! what is followed, and no message can be lost to a slow follower. A channel has news, too, once it is
//! subscribed to, for the first time and after every reconnect: whoever reads then misses nothing.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Those of one follower's channels that have news. A cheap clone.
#[derive(Clone, Default)]
pub(crate) struct News {
    shared: Arc<NewsShared>,
}

#[derive(Default)]
struct NewsShared {
    channels: Mutex<HashSet<Arc<str>>>,
    came: Notify,
}

impl News {
    /// Waits until there may be news since the last wait.
    pub(crate) async fn come(&self) {
        self.shared.came.notified().await;
    }

    /// Takes all channels that have news.
    pub(crate) fn take(&self) -> HashSet<Arc<str>> {
        std::mem::take(&mut *lock(&self.shared.channels))
    }

    /// Notes that a channel has news.
    pub(crate) fn put(&self, channel: Arc<str>) {
        lock(&self.shared.channels).insert(channel);
        self.shared.came.notify_one();
    }

    fn forget(&self, channel: &str) {
        lock(&self.shared.channels).remove(channel);
    }
}

/// What is followed; the link's task makes it so.
#[derive(Default)]
pub(super) struct Subscriptions {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    followed: HashMap<Arc<str>, News>,
    /// Channels that were followed or given up since the task last looked.
    changed: HashSet<Arc<str>>,
}

/// What the task has to do.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    pub(super) followed: Vec<Arc<str>>,
    pub(super) given_up: Vec<Arc<str>>,
}

impl Subscriptions {
    pub(super) fn follow(&self, channel: &str, news: &News) {
        let mut state = lock(&self.state);
        let channel: Arc<str> = channel.into();
        state.followed.insert(channel.clone(), news.clone());
        state.changed.insert(channel);
        drop(state);
        self.changed.notify_one();
    }

    pub(super) fn unfollow(&self, channel: &str) {
        let mut state = lock(&self.state);
        if let Some((channel, news)) = state.followed.remove_entry(channel) {
            news.forget(&channel);
            state.changed.insert(channel);
        }
        drop(state);
        self.changed.notify_one();
    }

    /// Waits until something changed since the last wait.
    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Takes what changed.
    pub(super) fn take_changes(&self) -> Changes {
        let mut state = lock(&self.state);
        let changed = std::mem::take(&mut state.changed);
        let (followed, given_up) = changed
            .into_iter()
            .partition(|channel| state.followed.contains_key(channel));
        Changes { followed, given_up }
    }

    /// All that is followed, for a fresh connection; what changed until now is in it.
    pub(super) fn take_all(&self) -> Vec<Arc<str>> {
        let mut state = lock(&self.state);
        state.changed.clear();
        state.followed.keys().cloned().collect()
    }

    /// A message came, or the channel is subscribed to from now on.
    pub(super) fn hear(&self, channel: &str) {
        if let Some((channel, news)) = lock(&self.state).followed.get_key_value(channel) {
            news.put(channel.clone());
        }
    }
}

/// A poisoned lock guards plain values that are valid at every step: go on with them.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(channels: impl IntoIterator<Item = Arc<str>>) -> Vec<String> {
        let mut names: Vec<_> = channels.into_iter().map(|name| name.to_string()).collect();
        names.sort();
        names
    }

    #[tokio::test]
    async fn only_followed_channels_have_news_and_each_once() {
        let (subscriptions, news) = (Subscriptions::default(), News::default());
        subscriptions.follow("a", &news);
        subscriptions.follow("b", &news);

        for channel in ["a", "b", "a", "c"] {
            subscriptions.hear(channel);
        }
        subscriptions.unfollow("b");

        news.come().await;
        assert_eq!(names(news.take()), ["a"]);
        assert_eq!(names(news.take()), [""; 0]);
    }

    #[test]
    fn what_changed_is_told_as_it_is_then() {
        let (subscriptions, news) = (Subscriptions::default(), News::default());
        subscriptions.follow("a", &news);
        subscriptions.follow("b", &news);
        subscriptions.unfollow("b");
        subscriptions.unfollow("never");

        let changes = subscriptions.take_changes();

        assert_eq!(names(changes.followed), ["a"]);
        assert_eq!(names(changes.given_up), ["b"]);
        assert_eq!(subscriptions.take_changes(), Changes::default());
    }

    #[test]
    fn a_fresh_connection_takes_all_once() {
        let (subscriptions, news) = (Subscriptions::default(), News::default());
        subscriptions.follow("a", &news);

        assert_eq!(names(subscriptions.take_all()), ["a"]);

        assert_eq!(subscriptions.take_changes(), Changes::default());
    }
}
