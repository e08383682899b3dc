//! Loads what was announced as changed, for the sessions that watch it.

use super::source::{AnySource, Encoded};
use super::watches::{Hub, Subject, Turn};
use crate::redis::{Backoff, LinkError};
use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep_until};
use tokio_stream::wrappers::WatchStream;
use tokio_stream::{Stream, StreamExt, StreamMap};
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

/// Turns announced changes of all sources into frames.
pub(crate) struct HubTask {
    hub: Hub,
    /// The least time between two frames of one key.
    pace: Duration,
    /// Announcements from memory, by source.
    changes: StreamMap<usize, Pin<Box<dyn Stream<Item = u64> + Send>>>,
    /// Keys that were announced before it was their turn.
    waiting: BTreeSet<(Instant, Subject)>,
    loaders: Vec<Loader>,
    /// The calls under way: at most one a source, so that no source delays another.
    loading: JoinSet<Outcome>,
}

/// What is to be loaded of one source.
#[derive(Default)]
struct Loader {
    due: BTreeSet<Arc<str>>,
    is_busy: bool,
    backoff: Backoff,
}

/// What became of a call.
struct Outcome {
    source: usize,
    keys: Vec<Arc<str>>,
    loaded: Result<Vec<Option<Encoded>>, LinkError>,
}

impl HubTask {
    pub(crate) fn new(hub: Hub, pace: Duration) -> Self {
        let mut changes: StreamMap<_, Pin<Box<dyn Stream<Item = u64> + Send>>> = StreamMap::new();
        for (at, source) in hub.sources().iter().enumerate() {
            if let Some(receiver) = source.changes() {
                changes.insert(at, Box::pin(WatchStream::from_changes(receiver)));
            }
        }
        let loaders = hub.sources().iter().map(|_| Loader::default()).collect();
        Self {
            hub,
            pace,
            changes,
            waiting: BTreeSet::new(),
            loaders,
            loading: JoinSet::new(),
        }
    }

    pub(crate) async fn run(mut self, stop: CancellationToken) {
        let hub = self.hub.clone();
        loop {
            let first = self.waiting.first().map(|(at, _)| *at);
            let announced = tokio::select! {
                () = stop.cancelled() => break,
                () = hub.announced() => hub.take_announced(),
                Some((source, _)) = self.changes.next() => hub.all_of(source),
                () = until(first) => self.take_waiting(),
                Some(outcome) = self.loading.join_next() => {
                    self.ended(outcome);
                    Vec::new()
                }
            };
            self.sort(announced);
            self.load();
        }
    }

    /// Those whose turn has come.
    fn take_waiting(&mut self) -> Vec<Subject> {
        let now = Instant::now();
        let mut due = Vec::new();
        while let Some((at, subject)) = self.waiting.pop_first() {
            if at > now {
                self.waiting.insert((at, subject));
                break;
            }
            due.push(subject);
        }
        due
    }

    /// Notes which of these are due now, and which wait for their turn.
    fn sort(&mut self, announced: Vec<Subject>) {
        let now = Instant::now();
        for subject in announced {
            match self.hub.turn(&subject, now, now + self.pace) {
                Turn::Now => {
                    self.loaders[subject.source].due.insert(subject.key);
                }
                Turn::At(at) => {
                    self.waiting.insert((at, subject));
                }
                Turn::Never => {}
            }
        }
    }

    /// Starts a call for every source that has something due and none under way.
    fn load(&mut self) {
        let sources = self.hub.sources().iter();
        for (at, (loader, source)) in self.loaders.iter_mut().zip(sources).enumerate() {
            if loader.is_busy || loader.due.is_empty() {
                continue;
            }
            loader.is_busy = true;
            let keys: Vec<_> = loader.due.iter().take(source.load_max()).cloned().collect();
            for key in &keys {
                loader.due.remove(key);
            }
            self.loading.spawn(load(source.clone(), at, keys));
        }
    }

    fn ended(&mut self, outcome: Result<Outcome, JoinError>) {
        match outcome {
            Ok(outcome) => self.loaded(outcome),
            Err(error) => {
                // Whose call it was is not known: two calls of one source do no harm.
                error!(%error, "Loading a state failed");
                self.loaders
                    .iter_mut()
                    .for_each(|loader| loader.is_busy = false);
            }
        }
    }

    fn loaded(&mut self, outcome: Outcome) {
        let Outcome {
            source,
            keys,
            loaded,
        } = outcome;
        match loaded {
            Ok(states) => {
                let loader = &mut self.loaders[source];
                loader.is_busy = false;
                loader.backoff.reset();
                for (key, state) in keys.into_iter().zip(states) {
                    if let Some(state) = state {
                        self.hub.publish(&Subject { source, key }, state);
                    }
                }
            }
            Err(error) => self.retry(source, keys, &error),
        }
    }

    /// Loads these again after a pause, once Redis is in reach.
    fn retry(&mut self, source: usize, keys: Vec<Arc<str>>, error: &LinkError) {
        let name = self.hub.sources()[source].name();
        if !matches!(error, LinkError::Away) {
            warn!(%error, topic = name, "Failed to load the states of {name}; retrying");
        }
        let loader = &mut self.loaders[source];
        let pause = loader.backoff.delay();
        let link = self.hub.link().clone();
        let again = load(self.hub.sources()[source].clone(), source, keys);
        self.loading.spawn(async move {
            tokio::time::sleep(pause).await;
            link.up().await;
            again.await
        });
    }
}

async fn load(source: Arc<dyn AnySource>, at: usize, keys: Vec<Arc<str>>) -> Outcome {
    let loaded = source.load(&keys).await;
    Outcome {
        source: at,
        keys,
        loaded,
    }
}

/// Waits until then; for ever where there is nothing to wait for.
pub(crate) async fn until(then: Option<Instant>) {
    match then {
        Some(then) => sleep_until(then).await,
        None => std::future::pending().await,
    }
}
