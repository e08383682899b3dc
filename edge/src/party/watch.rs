//! The parties that sessions of this instance show.

use crate::hub::{Subscription, Topic};
use crate::redis::{Link, News};
use bytes::Bytes;
use protocol::PartyCode;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::time::Instant;

/// What is watched, by whom, and what of it has news. A cheap clone.
#[derive(Clone)]
pub(super) struct Watches {
    shared: Arc<Shared>,
}

struct Shared {
    link: Link,
    /// Begins the names of the channels.
    changes: String,
    news: News,
    /// Locked before what the link locks, never after.
    watched: Mutex<HashMap<PartyCode, Watched>>,
}

/// One party that at least one session shows.
struct Watched {
    topic: Topic,
    sessions: u32,
    /// When it may be read next.
    not_before: Instant,
}

/// When a party that has news may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Now,
    At(Instant),
    /// Nobody shows it any more.
    Never,
}

impl Watches {
    /// Watches nothing yet; `changes` begins the names of the channels.
    pub(super) fn new(link: Link, changes: String) -> Self {
        let shared = Shared {
            link,
            changes,
            news: News::default(),
            watched: Mutex::default(),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Watches a party until the watcher is dropped.
    pub(super) fn watch(&self, code: PartyCode) -> Watcher {
        let mut watched = self.watched();
        let entry = watched.entry(code).or_insert_with(|| {
            self.shared
                .link
                .follow(&self.channel(code), &self.shared.news);
            Watched {
                topic: Topic::new(),
                sessions: 0,
                not_before: Instant::now(),
            }
        });
        entry.sessions += 1;
        Watcher {
            frames: entry.topic.subscribe(),
            watches: self.clone(),
            code,
        }
    }

    /// Waits until a party may have news since the last wait.
    pub(super) async fn news(&self) {
        self.shared.news.come().await;
    }

    /// Takes the parties that have news.
    pub(super) fn take_news(&self) -> Vec<PartyCode> {
        let channels = self.shared.news.take();
        let code = |channel: &Arc<str>| {
            PartyCode::parse(channel.strip_prefix(self.shared.changes.as_str())?).ok()
        };
        channels.iter().filter_map(code).collect()
    }

    /// Makes news of these parties again: they could not be read.
    pub(super) fn put_back(&self, codes: &[PartyCode]) {
        let watched = self.watched();
        for code in codes.iter().filter(|code| watched.contains_key(code)) {
            self.shared.news.put(self.channel(*code).into());
        }
    }

    /// Makes news of all parties.
    pub(super) fn all_have_news(&self) {
        for code in self.watched().keys() {
            self.shared.news.put(self.channel(*code).into());
        }
    }

    /// Whether a party may be read now, and if so, when it may be again.
    pub(super) fn turn(&self, code: PartyCode, now: Instant, next: Instant) -> Turn {
        match self.watched().get_mut(&code) {
            None => Turn::Never,
            Some(watched) if watched.not_before > now => Turn::At(watched.not_before),
            Some(watched) => {
                watched.not_before = next;
                Turn::Now
            }
        }
    }

    /// Hands a party's frame to its watchers; whether it was new to them.
    pub(super) fn publish(&self, code: PartyCode, frame: Bytes) -> bool {
        self.watched()
            .get(&code)
            .is_some_and(|watched| watched.topic.publish_new(frame))
    }

    fn leave(&self, code: PartyCode) {
        let mut watched = self.watched();
        if let Some(entry) = watched.get_mut(&code) {
            entry.sessions -= 1;
            if entry.sessions == 0 {
                watched.remove(&code);
                self.shared.link.unfollow(&self.channel(code));
            }
        }
    }

    fn channel(&self, code: PartyCode) -> String {
        format!("{}{code}", self.shared.changes)
    }

    /// A poisoned lock guards plain values that are valid at every step: go on with them.
    fn watched(&self) -> MutexGuard<'_, HashMap<PartyCode, Watched>> {
        self.shared
            .watched
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// One session's view of a party; dropping it ends it.
pub(crate) struct Watcher {
    frames: Subscription,
    watches: Watches,
    code: PartyCode,
}

impl Watcher {
    /// Waits for a newer frame. `None` never comes: the topic lives as long as its watchers.
    ///
    /// Safe to cancel: nothing is taken before it is returned.
    pub(crate) async fn next(&mut self) -> Option<Bytes> {
        self.frames.next().await
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.watches.leave(self.code);
    }
}
