//! Reads what changed, for the sessions that show it.

use super::watch::{Key, Turn, Watches};
use crate::redis::{Backoff, LinkError};
use bytes::Bytes;
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::warn;

/// One kind of things that sessions can show.
pub(crate) trait Source: Send + Sync + 'static {
    /// What tells one from another.
    type Key: Key;
    /// What they are called in logs.
    const NAME: &'static str;
    /// How many are read in one call: a bound on what holds up Redis, or waits for it.
    const READ_MAX: usize;

    /// What of them is watched.
    fn watches(&self) -> &Watches<Self::Key>;

    /// The frames that tell of these, in this order; nothing where one cannot be told of.
    fn read(
        &self,
        keys: &[Self::Key],
    ) -> impl Future<Output = Result<Vec<Option<Bytes>>, LinkError>> + Send;

    /// A frame was new to those who get it.
    fn count_frame(&self);
}

/// Turns changes of what is watched into frames.
pub(crate) struct WatchTask<S: Source> {
    source: S,
    watches: Watches<S::Key>,
    /// The least time between two frames of one thing.
    pace: Duration,
    /// What has news before it is its turn.
    waiting: BTreeSet<(Instant, S::Key)>,
}

impl<S: Source> WatchTask<S> {
    pub(crate) fn new(source: S, pace: Duration) -> Self {
        Self {
            watches: source.watches().clone(),
            source,
            pace,
            waiting: BTreeSet::new(),
        }
    }

    pub(crate) async fn run(mut self, stop: CancellationToken) {
        let watches = self.watches.clone();
        let mut backoff = Backoff::new();
        loop {
            let first = self.waiting.first().map(|(at, _)| *at);
            let keys = tokio::select! {
                () = stop.cancelled() => break,
                () = watches.news() => watches.take_news(),
                () = until(first) => self.take_waiting(),
            };
            let due = self.due(keys);
            match stop.run_until_cancelled(self.read(&due)).await {
                None => break,
                Some(Ok(())) => backoff.reset(),
                Some(Err(error)) => {
                    if !matches!(error, LinkError::Away) {
                        warn!(%error, "{} cannot be read; trying again", S::NAME);
                    }
                    let wait = async {
                        tokio::time::sleep(backoff.delay()).await;
                        watches.link().up().await;
                    };
                    let _pause = stop.run_until_cancelled(wait).await;
                }
            }
        }
    }

    /// Those whose turn has come.
    fn take_waiting(&mut self) -> Vec<S::Key> {
        let now = Instant::now();
        let mut keys = Vec::new();
        while let Some((at, key)) = self.waiting.pop_first() {
            if at > now {
                self.waiting.insert((at, key));
                break;
            }
            keys.push(key);
        }
        keys
    }

    /// Those of these that may be read now; others wait for their turn.
    fn due(&mut self, keys: Vec<S::Key>) -> Vec<S::Key> {
        let now = Instant::now();
        let mut due = Vec::new();
        for key in keys {
            match self.watches.turn(&key, now, now + self.pace) {
                Turn::Now => due.push(key),
                Turn::At(at) => {
                    self.waiting.insert((at, key));
                }
                Turn::Never => {}
            }
        }
        due
    }

    async fn read(&self, due: &[S::Key]) -> Result<(), LinkError> {
        for (at, some) in due.chunks(S::READ_MAX).enumerate() {
            match self.source.read(some).await {
                Ok(frames) => {
                    for (key, frame) in some.iter().zip(frames) {
                        if frame.is_some_and(|frame| self.watches.publish(key, frame)) {
                            self.source.count_frame();
                        }
                    }
                }
                Err(error) => {
                    self.watches.put_back(&due[at * S::READ_MAX..]);
                    return Err(error);
                }
            }
        }
        Ok(())
    }
}

/// Waits until then; for ever where there is nothing to wait for.
pub(crate) async fn until(then: Option<Instant>) {
    match then {
        Some(then) => sleep_until(then).await,
        None => std::future::pending().await,
    }
}
