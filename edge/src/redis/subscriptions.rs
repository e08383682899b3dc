//! Channels that are followed and unfollowed while the connection stays up.
//!
//! A message is a hint that something has changed; the follower then reads it. So nothing needs a queue: [`News`] is the
//! set of a follower's channels with unread hints. It is bounded by the number of followed channels, and a slow follower
//! loses nothing. A channel also has news once it is subscribed to, initially and after every reconnect, so that a
//! follower who reads then misses nothing.

use crate::metrics::Metrics;
use crate::sync::lock;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use tokio::sync::{Notify, mpsc};

/// The most events that wait for the mirror; if it falls further behind, it reads a snapshot instead.
const EVENTS_WAITING_MAX: usize = 4096;

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

/// Who listens to a channel.
#[derive(Clone)]
pub(super) enum Listener {
    /// A follower, who only has to know that there is something to read.
    News(News),
    /// The mirror.
    Events(EventSender),
}

impl Listener {
    /// The channel has been subscribed to, or may have missed a message.
    fn begin(&self, channel: &Arc<str>) {
        match self {
            Self::News(news) => news.put(channel.clone()),
            Self::Events(events) => events.up.notify_one(),
        }
    }

    fn hear(&self, channel: &Arc<str>, message: Vec<u8>) {
        match self {
            Self::News(news) => news.put(channel.clone()),
            Self::Events(events) => {
                if events.messages.try_send(message).is_err() {
                    // Overflow: the mirror notices the gap in the revisions and repairs it.
                    events.metrics.events_dropped.inc();
                }
            }
        }
    }
}

/// Where a channel's messages are put for the mirror.
#[derive(Clone)]
pub(super) struct EventSender {
    messages: mpsc::Sender<Vec<u8>>,
    up: Arc<Notify>,
    metrics: Metrics,
}

/// The messages of the world's channel, for the mirror.
pub(crate) struct Events {
    messages: mpsc::Receiver<Vec<u8>>,
    up: Arc<Notify>,
}

/// What the mirror is told.
#[derive(Debug)]
pub(crate) enum Signal {
    /// A new connection has subscribed: read a snapshot, then apply the events that follow.
    Up,
    /// One event, as it was published.
    Event(Vec<u8>),
}

impl Events {
    /// Both ends.
    pub(super) fn channel(metrics: Metrics) -> (EventSender, Self) {
        let (sender, messages) = mpsc::channel(EVENTS_WAITING_MAX);
        let up = Arc::new(Notify::new());
        let sender = EventSender {
            messages: sender,
            up: up.clone(),
            metrics,
        };
        (sender, Self { messages, up })
    }

    /// Waits for the next signal; `None` once the link has ended.
    pub(crate) async fn next(&mut self) -> Option<Signal> {
        tokio::select! {
            biased;
            () = self.up.notified() => Some(Signal::Up),
            message = self.messages.recv() => message.map(Signal::Event),
        }
    }
}

/// The channels followed on one node; its task subscribes accordingly.
#[derive(Default)]
pub(super) struct Subscriptions {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    followed: HashMap<Arc<str>, Listener>,
    /// Channels that were followed or unfollowed since the task last checked.
    changed: HashSet<Arc<str>>,
    /// Channels that are being unsubscribed from.
    leaving: HashSet<Arc<str>>,
}

/// What the task has to do.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct SubscriptionChanges {
    pub(super) followed: Vec<Arc<str>>,
    pub(super) given_up: Vec<Arc<str>>,
}

impl Subscriptions {
    pub(super) fn follow(&self, channel: Arc<str>, listener: Listener) {
        let mut state = lock(&self.state);
        state.followed.insert(channel.clone(), listener);
        state.changed.insert(channel);
        drop(state);
        self.changed.notify_one();
    }

    pub(super) fn unfollow(&self, channel: &str) {
        if let Some((channel, Listener::News(news))) = self.remove(channel) {
            news.forget(&channel);
        }
    }

    fn remove(&self, channel: &str) -> Option<(Arc<str>, Listener)> {
        let mut state = lock(&self.state);
        let removed = state.followed.remove_entry(channel);
        if let Some((channel, _)) = &removed {
            state.changed.insert(channel.clone());
        }
        drop(state);
        self.changed.notify_one();
        removed
    }

    /// Moves the channels that are no longer this node's to those whose they are.
    pub(super) fn move_out<'a>(&self, owner: impl Fn(&str) -> Option<&'a Self>) {
        let channels: Vec<_> = lock(&self.state).followed.keys().cloned().collect();
        for channel in channels {
            if let Some(owner) = owner(&channel)
                && let Some((channel, listener)) = self.remove(&channel)
            {
                owner.follow(channel, listener);
            }
        }
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
        state.leaving.clear();
        state.followed.keys().cloned().collect()
    }

    /// Every channel may have missed a message.
    pub(super) fn hear_all(&self) {
        for (channel, listener) in &lock(&self.state).followed {
            if let Listener::News(_) = listener {
                listener.begin(channel);
            }
        }
    }

    /// A channel has been subscribed to.
    pub(super) fn begin(&self, channel: &str) {
        if let Some((channel, listener)) = lock(&self.state).followed.get_key_value(channel) {
            listener.begin(channel);
        }
    }

    /// A message has arrived.
    pub(super) fn hear(&self, channel: &str, message: Vec<u8>) {
        if let Some((channel, listener)) = lock(&self.state).followed.get_key_value(channel) {
            listener.hear(channel, message);
        }
    }

    /// A channel is about to be unsubscribed from.
    pub(super) fn leave(&self, channel: &Arc<str>) {
        lock(&self.state).leaving.insert(channel.clone());
    }

    /// A channel is no longer subscribed to; false if nobody had asked for that.
    pub(super) fn left(&self, channel: &str) -> bool {
        lock(&self.state).leaving.remove(channel)
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
        subscriptions.follow("a".into(), Listener::News(news.clone()));
        subscriptions.follow("b".into(), Listener::News(news.clone()));

        for channel in ["a", "b", "a", "c"] {
            subscriptions.hear(channel, Vec::new());
        }
        subscriptions.unfollow("b");

        news.come().await;
        assert_eq!(names(news.take()), ["a"]);
        assert_eq!(names(news.take()), [""; 0]);
    }

    #[test]
    fn what_changed_is_told_as_it_is_then() {
        let (subscriptions, news) = (Subscriptions::default(), News::default());
        subscriptions.follow("a".into(), Listener::News(news.clone()));
        subscriptions.follow("b".into(), Listener::News(news.clone()));
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
        subscriptions.follow("a".into(), Listener::News(news.clone()));

        assert_eq!(names(subscriptions.take_all()), ["a"]);

        assert_eq!(subscriptions.take_changes(), SubscriptionChanges::default());
    }
}
