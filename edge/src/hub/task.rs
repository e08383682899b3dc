//! Loads what was announced as changed, for the sessions that watch it.

use super::any_source::{AnySource, Encoded};
use super::queue::{Passed, pass};
use super::watches::{Hub, Subject, Turn};
use crate::pace::Pace;
use crate::redis::{Backoff, LinkError};
use crate::tasks::until;
use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tokio::task::{JoinError, JoinSet};
use tokio::time::Instant;
use tokio_stream::wrappers::WatchStream;
use tokio_stream::{Stream, StreamExt, StreamMap};
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

/// What one call costs at most: one that takes longer waits for a Redis that is far away.
const LOAD_COST_MAX: Duration = Duration::from_millis(5);

/// Turns announced changes of all sources into frames.
pub(crate) struct HubTask {
    hub: Hub,
    /// The least time between two frames of one key.
    least: Duration,
    /// Announcements from memory, by source.
    changes: StreamMap<usize, Pin<Box<dyn Stream<Item = u64> + Send>>>,
    /// Keys that were announced before it was their turn.
    waiting: BTreeSet<(Instant, Subject)>,
    loaders: Vec<Loader>,
    /// The calls under way: at most one a source, so that no source delays another.
    loading: JoinSet<Outcome>,
    /// Writes what is due on the lines; one pass at a time.
    passing: JoinSet<Passed>,
    /// What the longest part of the pass took so far.
    took: Duration,
    pace: Pace,
}

/// What is to be loaded of one source.
struct Loader {
    due: BTreeSet<Arc<str>>,
    /// Whether its states are in memory: loaded only when a pass begins, so that it writes the newest.
    is_near: bool,
    is_busy: bool,
    pace: Pace,
    backoff: Backoff,
}

impl Loader {
    /// When it may load what is due; `None` where that is nothing.
    fn next(&self) -> Option<Instant> {
        (!self.is_busy && !self.due.is_empty()).then(|| self.pace.next())
    }
}

/// What became of a call.
struct Outcome {
    source: usize,
    keys: Vec<Arc<str>>,
    loaded: Result<Vec<Option<Encoded>>, LinkError>,
    took: Duration,
}

impl HubTask {
    /// A task that makes so many frames of each key in a second at most.
    pub(crate) fn new(hub: Hub, most: Option<u32>) -> Self {
        let mut changes: StreamMap<_, Pin<Box<dyn Stream<Item = u64> + Send>>> = StreamMap::new();
        let mut loaders = Vec::new();
        for (at, source) in hub.sources().iter().enumerate() {
            let receiver = source.changes();
            loaders.push(Loader {
                due: BTreeSet::new(),
                is_near: receiver.is_some(),
                is_busy: false,
                pace: Pace::new(),
                backoff: Backoff::default(),
            });
            if let Some(receiver) = receiver {
                changes.insert(at, Box::pin(WatchStream::from_changes(receiver)));
            }
        }
        Self {
            hub,
            least: most.map_or(Duration::ZERO, |most| Duration::from_secs(1) / most.max(1)),
            changes,
            waiting: BTreeSet::new(),
            loaders,
            loading: JoinSet::new(),
            passing: JoinSet::new(),
            took: Duration::ZERO,
            pace: Pace::new(),
        }
    }

    pub(crate) async fn run(mut self, stop: CancellationToken) {
        let hub = self.hub.clone();
        loop {
            let next = self.next();
            let announced = tokio::select! {
                () = stop.cancelled() => break,
                () = hub.announced() => hub.take_announced(),
                () = hub.queue().filled() => Vec::new(),
                Some((source, _)) = self.changes.next() => hub.all_of(source),
                () = until(next) => self.take_waiting(),
                Some(outcome) = self.loading.join_next() => {
                    self.ended(outcome);
                    Vec::new()
                }
                Some(passed) = self.passing.join_next() => {
                    self.passed(passed);
                    Vec::new()
                }
            };
            self.sort(announced);
            self.load(|loader| !loader.is_near);
            self.pass();
        }
    }

    /// When there is something to do, if nothing happens until then.
    fn next(&self) -> Option<Instant> {
        let waiting = self.waiting.first().map(|(at, _)| *at);
        let far = self.loaders.iter().filter(|loader| !loader.is_near);
        let loads = far.filter_map(Loader::next);
        let pass = self.is_pass_due().then(|| self.pace.next());
        loads.chain(waiting).chain(pass).min()
    }

    fn is_pass_due(&self) -> bool {
        let mut near = self.loaders.iter().filter(|loader| loader.is_near);
        let has_some = near.any(|loader| loader.next().is_some()) || !self.hub.queue().is_empty();
        has_some && self.passing.is_empty()
    }

    /// Begins a pass, if one is due by now.
    fn pass(&mut self) {
        if !self.is_pass_due() || self.pace.next() > Instant::now() {
            return;
        }
        self.load(|loader| loader.is_near);
        for lines in self.hub.queue().take() {
            self.passing.spawn(pass(lines));
        }
    }

    fn passed(&mut self, passed: Result<Passed, JoinError>) {
        match passed {
            Ok(Passed { took, frames }) => {
                self.hub.count(frames);
                self.took = self.took.max(took);
            }
            Err(error) => error!(%error, "Writing to sessions failed"),
        }
        if self.passing.is_empty() {
            self.pace.worked(std::mem::take(&mut self.took));
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
            match self.hub.turn(&subject, now, now + self.least) {
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

    /// Starts a call for every source of that kind that has something due and none under way.
    fn load(&mut self, is_meant: impl Fn(&Loader) -> bool) {
        let now = Instant::now();
        for at in 0..self.loaders.len() {
            let (loader, source) = (&mut self.loaders[at], &self.hub.sources()[at]);
            if !is_meant(loader) || loader.next().is_none_or(|next| next > now) {
                continue;
            }
            let keys: Vec<_> = loader.due.iter().take(source.load_max()).cloned().collect();
            for key in &keys {
                loader.due.remove(key);
            }
            loader.is_busy = true;
            let mut loading = Box::pin(load(source.clone(), at, keys));
            // What is in memory is there at once.
            let context = &mut Context::from_waker(Waker::noop());
            match loader.is_near.then(|| loading.as_mut().poll(context)) {
                Some(Poll::Ready(outcome)) => self.loaded(outcome),
                _ => drop(self.loading.spawn(loading)),
            }
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
            took,
        } = outcome;
        if !self.loaders[source].is_near {
            self.loaders[source].pace.worked(took.min(LOAD_COST_MAX));
        }
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
    let started = Instant::now();
    let loaded = source.load(&keys).await;
    Outcome {
        source: at,
        keys,
        loaded,
        took: started.elapsed(),
    }
}
