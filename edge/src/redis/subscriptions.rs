//! Channels that are followed and unfollowed while the connection stays up.
//!
//! A message is a hint that something has changed; the follower then reads it. So nothing needs a queue: [`News`] is the
//! set of a follower's channels with unread hints. It is bounded by the number of followed channels, and a slow follower
//! loses nothing. A channel also has news once it is subscribed to, initially and after every reconnect, so that a
//! follower who reads then misses nothing.

use crate::sync::lock;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;

/// The channels of one follower that have news. Cheap to clone.
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
    /// Waits until there may be news.
    pub(crate) async fn come(&self) {
        self.shared.came.notified().await;
    }

    /// Takes all channels that have news.
    pub(crate) fn take(&self) -> HashSet<Arc<str>> {
        std::mem::take(&mut *lock(&self.shared.channels))
    }

    /// Marks a channel as having news.
    pub(crate) fn put(&self, channel: Arc<str>) {
        lock(&self.shared.channels).insert(channel);
        self.shared.came.notify_one();
    }

    fn forget(&self, channel: &str) {
        lock(&self.shared.channels).remove(channel);
    }
}

/// The followed channels; the link's task subscribes accordingly.
#[derive(Default)]
pub(super) struct Subscriptions {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    followed: HashMap<Arc<str>, News>,
    /// Channels that were followed or unfollowed since the task last checked.
    changed: HashSet<Arc<str>>,
}

/// What the task has to do.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct SubscriptionChanges {
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

    /// Waits until something may have changed.
    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Takes the changes.
    pub(super) fn take_changes(&self) -> SubscriptionChanges {
        let mut state = lock(&self.state);
        let changed = std::mem::take(&mut state.changed);
        let (followed, given_up) = changed
            .into_iter()
            .partition(|channel| state.followed.contains_key(channel));
        SubscriptionChanges { followed, given_up }
    }

    /// All followed channels, for a new connection; includes all changes so far.
    pub(super) fn take_all(&self) -> Vec<Arc<str>> {
        let mut state = lock(&self.state);
        state.changed.clear();
        state.followed.keys().cloned().collect()
    }

    /// Every channel may have missed a message.
    pub(super) fn hear_all(&self) {
        for (channel, news) in &lock(&self.state).followed {
            news.put(channel.clone());
        }
    }

    /// A message arrived, or the channel has been subscribed to.
    pub(super) fn hear(&self, channel: &str) {
        if let Some((channel, news)) = lock(&self.state).followed.get_key_value(channel) {
            news.put(channel.clone());
        }
    }
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
        assert_eq!(subscriptions.take_changes(), SubscriptionChanges::default());
    }

    #[test]
    fn a_fresh_connection_takes_all_once() {
        let (subscriptions, news) = (Subscriptions::default(), News::default());
        subscriptions.follow("a", &news);

        assert_eq!(names(subscriptions.take_all()), ["a"]);

        assert_eq!(subscriptions.take_changes(), SubscriptionChanges::default());
    }
}
