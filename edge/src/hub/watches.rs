//! Who watches what.

use super::any_source::{AnySource, Encoded};
use super::broadcast::Broadcast;
use super::due::Watching;
use super::line::Line;
use super::queue::Queue;
use super::source::Sources;
use crate::Metrics;
use crate::redis::{Link, News};
use crate::sync::lock;
use slab::Slab;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::runtime::Handle;
use tokio::time::Instant;

/// A key of a source, which stands at that place of the table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Subject {
    pub(super) source: usize,
    pub(super) key: Arc<str>,
}

/// The table of sources, and what sessions watch. A cheap clone.
#[derive(Clone)]
pub(crate) struct Hub {
    shared: Arc<Shared>,
}

struct Shared {
    sources: Sources,
    link: Link,
    /// Channels of watched keys that announced a change.
    news: News,
    /// Locked before what the link locks, never after.
    state: Mutex<State>,
    queue: Arc<Queue>,
    metrics: Metrics,
}

#[derive(Default)]
struct State {
    watched: HashMap<Subject, Watched>,
    by_channel: HashMap<Arc<str>, Subject>,
}

/// A key that at least one session watches.
struct Watched {
    /// Another one where a key that was over is watched anew.
    broadcast: Arc<Broadcast>,
    channel: Arc<str>,
    /// Another one, which the newest state named.
    also: Option<Arc<str>>,
    watchers: Slab<Arc<Line>>,
    /// When it may be loaded next.
    not_before: Instant,
}

/// When a key that was announced may be loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Now,
    At(Instant),
    /// Nobody watches it any more.
    Never,
}

impl Hub {
    /// A hub that writes to as many sessions at once as the runtime has threads.
    pub(crate) fn new(sources: Sources, link: Link, metrics: Metrics) -> Self {
        let threads = Handle::current().metrics().num_workers();
        let shared = Shared {
            sources,
            link,
            news: News::default(),
            state: Mutex::default(),
            queue: Arc::new(Queue::new(threads)),
            metrics,
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    pub(super) fn sources(&self) -> &[Arc<dyn AnySource>] {
        self.shared.sources.all()
    }

    pub(super) fn link(&self) -> &Link {
        &self.shared.link
    }

    /// The place of that topic's source in the table.
    pub(super) fn find(&self, topic: &str) -> Option<usize> {
        let mut names = self.sources().iter().map(|source| source.name());
        names.position(|name| name == topic)
    }

    /// The lines on which something is due.
    pub(super) fn queue(&self) -> &Arc<Queue> {
        &self.shared.queue
    }

    /// The engine's metrics.
    pub(super) fn metrics(&self) -> &Metrics {
        &self.shared.metrics
    }

    /// Counts frames that were handed to sessions.
    pub(super) fn count(&self, frames: u64) {
        self.metrics().frames_delivered.inc_by(frames);
    }

    /// Watches a key: the line gets its state as soon as it is loaded, then at each change.
    pub(super) fn watch(&self, subject: Subject, line: &Arc<Line>) {
        let source = &self.sources()[subject.source];
        let mut state = self.state();
        let State {
            watched,
            by_channel,
        } = &mut *state;
        let entry = watched.entry(subject.clone()).or_insert_with(|| {
            let channel = self.open(source.as_ref(), &subject.key);
            by_channel.insert(channel.clone(), subject.clone());
            Watched {
                broadcast: Arc::new(Broadcast::new(subject.clone())),
                channel,
                also: None,
                watchers: Slab::new(),
                not_before: Instant::now(),
            }
        });
        let watching = Watching {
            frames: entry.broadcast.subscribe(|| source.now(&subject.key)),
            place: entry.watchers.insert(line.clone()),
        };
        drop(state);
        // Where it is watched already, the state comes again. The new place is there before the old one goes.
        if let Some(before) = line.watch(watching) {
            self.unwatch(&before);
        }
    }

    /// Ends what [`watch`](Self::watch) began.
    pub(super) fn unwatch(&self, watching: &Watching) {
        let broadcast = &watching.frames.broadcast;
        let subject = &broadcast.subject;
        let mut state = self.state();
        let entry = state.watched.get_mut(subject);
        let Some(entry) = entry.filter(|entry| Arc::ptr_eq(&entry.broadcast, broadcast)) else {
            return;
        };
        entry.watchers.remove(watching.place);
        if entry.watchers.is_empty() {
            self.close(&mut state, subject);
        }
    }

    /// Follows the channel of a key, which announces it at once; the channel's name.
    fn open(&self, source: &dyn AnySource, key: &str) -> Arc<str> {
        if let Some(channel) = source.channel(key) {
            let channel: Arc<str> = channel.into();
            self.shared.link.follow(&channel, &self.shared.news);
            return channel;
        }
        // No key or channel of Redis is named like this: all of theirs have a hash tag.
        let channel: Arc<str> = format!("memory:{}:{key}", source.name()).into();
        self.shared.news.put(channel.clone());
        channel
    }

    /// Waits until something may have been announced since the last wait.
    pub(super) async fn announced(&self) {
        self.shared.news.come().await;
    }

    /// Takes what was announced.
    pub(super) fn take_announced(&self) -> Vec<Subject> {
        let channels = self.shared.news.take();
        let state = self.state();
        let subjects = channels
            .iter()
            .filter_map(|channel| state.by_channel.get(channel));
        subjects.cloned().collect()
    }

    /// Everything of that source that is watched.
    pub(super) fn all_of(&self, source: usize) -> Vec<Subject> {
        let state = self.state();
        let subjects = state.watched.keys();
        let own = subjects.filter(|subject| subject.source == source);
        own.cloned().collect()
    }

    /// Whether a key may be loaded now, after which it may be at `next` again.
    pub(super) fn turn(&self, subject: &Subject, now: Instant, next: Instant) -> Turn {
        match self.state().watched.get_mut(subject) {
            None => Turn::Never,
            Some(watched) if watched.not_before > now => Turn::At(watched.not_before),
            Some(watched) => {
                watched.not_before = next;
                Turn::Now
            }
        }
    }

    /// Publishes a state to those who watch the key, unless it is what they were told last.
    pub(super) fn publish(&self, subject: &Subject, encoded: Encoded) {
        let source = &self.sources()[subject.source];
        let mut state = self.state();
        self.follow_also(&mut state, subject, encoded.also.as_deref());
        let Some(watched) = state.watched.get(subject) else {
            return;
        };
        // A source with a state of the moment may have told a new session another one since.
        if watched.broadcast.holds(&encoded) && source.now(&subject.key).is_none() {
            return;
        }
        let is_last = encoded.is_last;
        watched.broadcast.publish(encoded);
        watched
            .watchers
            .iter()
            .for_each(|(_, line)| line.mark_due());
        self.shared.metrics.frame_encoded(source.name());
        if is_last {
            self.close(&mut state, subject);
        }
    }

    /// Follows the other channel that a key's newest state names, in place of the one before. It announces the key at once: what
    /// was loaded before it was followed may have changed.
    fn follow_also(&self, state: &mut State, subject: &Subject, also: Option<&str>) {
        let Some(watched) = state.watched.get_mut(subject) else {
            return;
        };
        if watched.also.as_deref() == also {
            return;
        }
        let also: Option<Arc<str>> = also.map(Into::into);
        let before = std::mem::replace(&mut watched.also, also.clone());
        self.unfollow(state, subject, before);
        if let Some(also) = also {
            state.by_channel.insert(also.clone(), subject.clone());
            self.shared.link.follow(&also, &self.shared.news);
        }
    }

    /// Ends to follow a channel, unless another key has it by now.
    fn unfollow(&self, state: &mut State, subject: &Subject, channel: Option<Arc<str>>) {
        if let Some(channel) = channel
            && state.by_channel.get(&channel) == Some(subject)
        {
            state.by_channel.remove(&channel);
            self.shared.link.unfollow(&channel);
        }
    }

    /// Gives a key up. Those who still watch it get the frame that they have not seen, and no other.
    fn close(&self, state: &mut State, subject: &Subject) {
        if let Some(entry) = state.watched.remove(subject) {
            self.unfollow(state, subject, Some(entry.channel));
            self.unfollow(state, subject, entry.also);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.shared.state)
    }
}
