//! Follows the draw: loads rounds, records queries, makes frames.

use super::Draw;
use super::head::{RoundHead, RoundId};
use super::round::{Round, RoundError};
use crate::hub::until;
use crate::redis::{Backoff, LinkError, News};
use std::time::Duration;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

/// Chunks to read per call: a megabyte.
const CHUNKS_READ: usize = 4;

/// Maintains this instance's copy of the running round.
pub(crate) struct FollowTask {
    draw: Draw,
    news: News,
    /// The time between two reads without news, as messages may be lost.
    every: Duration,
    /// The round being loaded, at most one, while reads continue.
    loading: JoinSet<Result<(), LoadError>>,
    /// The round that is being loaded or was loaded last.
    tried: Option<RoundId>,
    /// When to retry it, if that failed.
    retry_at: Option<Instant>,
    backoff: Backoff,
    was_away: bool,
}

/// Why a round was not loaded.
#[derive(Debug, thiserror::Error)]
enum LoadError {
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error("some of its chunks are gone")]
    Gone,
    #[error(transparent)]
    Round(#[from] RoundError),
    #[error("the task that reads its points ended")]
    Ended(#[from] JoinError),
}

impl FollowTask {
    pub(crate) fn new(draw: Draw, every: Duration) -> Self {
        Self {
            draw,
            news: News::default(),
            every,
            loading: JoinSet::new(),
            tried: None,
            retry_at: None,
            backoff: Backoff::new(),
            was_away: false,
        }
    }

    pub(crate) async fn run(mut self, stop: CancellationToken) {
        let link = self.draw.store().link();
        link.follow(self.draw.store().changes(), &self.news);
        let mut looks = interval(self.every);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                () = self.news.come() => drop(self.news.take()),
                _ = looks.tick() => {}
                () = until(self.retry_at) => self.retry_at = None,
                Some(loaded) = self.loading.join_next() => {
                    self.loaded(loaded.map_err(LoadError::from).flatten());
                }
            }
            match stop.run_until_cancelled(self.look()).await {
                None => break,
                Some(Ok(()) | Err(LinkError::Away)) => {}
                Some(Err(error)) => warn!(%error, "Failed to read the draw; retrying"),
            }
            self.look_at_age();
        }
    }

    /// Reads the state, and loads the points of an unknown round.
    async fn look(&mut self) -> Result<(), LinkError> {
        let snapshot = self.draw.store().read().await?;
        self.draw.hear(&snapshot);
        match snapshot.head {
            Some(head) if self.draw.id().as_ref() != Some(&head.id) => self.load(head),
            head => {
                // Only once the new round is loaded: no page shows neither progress nor the round.
                self.draw.hear_progress(snapshot.progress);
                if let Some(head) = head {
                    self.draw.hear_next(head.next_ms);
                }
            }
        }
        Ok(())
    }

    /// Loads a round, unless one is being loaded or this one failed a moment ago.
    fn load(&mut self, head: RoundHead) {
        let failed = self.retry_at.is_some() && self.tried.as_ref() == Some(&head.id);
        if self.loading.is_empty() && !failed {
            self.tried = Some(head.id.clone());
            self.retry_at = None;
            self.loading.spawn(load(self.draw.clone(), head));
        }
    }

    fn loaded(&mut self, loaded: Result<(), LoadError>) {
        let Err(error) = loaded else {
            return self.backoff.reset();
        };
        if !matches!(error, LoadError::Link(LinkError::Away)) {
            warn!(%error, "Failed to load a round of the draw; retrying");
        }
        self.retry_at = Some(Instant::now() + self.backoff.delay());
        self.draw.hear_progress(None);
    }

    /// Updates pages on whether their state is current, even if there is no new round.
    fn look_at_age(&mut self) {
        let is_away = self.draw.age_ms() > 0;
        let told = self.draw.has_told_age();
        if is_away != self.was_away || !is_away && told {
            self.draw.announce();
        }
        self.was_away = is_away;
    }
}

/// Loads a round and makes it the one to answer from.
async fn load(draw: Draw, head: RoundHead) -> Result<(), LoadError> {
    let mut bulk = draw.store().link().bulk().await?;
    // Allocated at once: growing would briefly hold millions of points twice.
    let mut points = Vec::with_capacity(head.players as usize);
    for first in (0..head.chunks()).step_by(CHUNKS_READ) {
        let next = first..head.chunks().min(first + CHUNKS_READ);
        let chunks = draw.store().points(&mut bulk, &head.id, next).await?;
        for chunk in chunks.ok_or(LoadError::Gone)? {
            points.extend_from_slice(&chunk);
        }
    }
    let number = head.id.number;
    // Reading millions of points takes a while.
    let round =
        tokio::task::spawn_blocking(move || Round::new(head, points, &mut rand::rng())).await??;
    debug!(draw.round = number, "Loaded a round of the draw");
    draw.take(round);
    Ok(())
}

/// Tells all regions the time of the last query, to the second: at most one call to Redis per second.
pub(crate) struct AskTask {
    pub(crate) draw: Draw,
}

impl AskTask {
    pub(crate) async fn run(self, stop: CancellationToken) {
        let mut backoff = Backoff::new();
        while stop.run_until_cancelled(self.draw.asked()).await.is_some() {
            if stop
                .run_until_cancelled(self.tell(&mut backoff))
                .await
                .is_none()
            {
                break;
            }
        }
    }

    /// Records the last query as soon as Redis is reachable.
    async fn tell(&self, backoff: &mut Backoff) {
        let store = self.draw.store();
        while let Err(error) = store.asked(self.draw.asked_s()).await {
            if !matches!(error, LinkError::Away) {
                warn!(%error, "Failed to record a query of the draw; retrying");
            }
            tokio::time::sleep(backoff.delay()).await;
            store.link().up().await;
        }
        backoff.reset();
    }
}
