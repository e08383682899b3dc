//! Follows the draw: loads rounds, records queries, makes frames.

use super::Draw;
use super::error::TaskError;
use super::head::{RoundHead, RoundId};
use super::maker::MakerTask;
use super::round::Round;
use crate::config::Limits;
use crate::redis::{Backoff, LinkError, News};
use crate::tasks::{Tasks, until};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

/// Chunks to read per call: a megabyte.
const CHUNKS_READ: usize = 4;

impl Draw {
    /// Starts to make rounds when it is this instance's turn, to tell when somebody asked, and to follow the running round.
    pub(crate) fn start(&self, tasks: &Tasks, instance: &str, limits: &Limits) {
        let maker = MakerTask::new(self.clone(), instance.to_owned(), limits);
        tasks.feeders.spawn(|stop| maker.run(stop));
        tasks.feeders.spawn(|stop| self.clone().tell_queries(stop));
        let follow = FollowTask::new(self.clone(), limits.beat_every);
        tasks.followers.spawn(|stop| follow.run(stop));
    }
}

/// Maintains this instance's copy of the running round.
struct FollowTask {
    draw: Draw,
    news: News,
    /// The time between two reads without news, as messages may be lost.
    every: Duration,
    /// The round being loaded, at most one, while reads continue.
    loading: JoinSet<Result<(), TaskError>>,
    /// The round that is being loaded or was loaded last.
    tried: Option<RoundId>,
    /// When to retry it, if that failed.
    retry_at: Option<Instant>,
    backoff: Backoff,
    was_away: bool,
}

impl FollowTask {
    fn new(draw: Draw, every: Duration) -> Self {
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

    async fn run(mut self, stop: CancellationToken) {
        let [.., changes] = &self.draw.shared.keys;
        self.draw.shared.link.follow(changes, &self.news);
        let mut failing = self.draw.shared.link.writes().is_failing();
        let mut looks = interval(self.every);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                () = self.news.come() => drop(self.news.take()),
                _ = looks.tick() => {}
                // What nobody can change has an age. The sender lives as long as the link.
                _changed = failing.changed() => {}
                () = until(self.retry_at) => self.retry_at = None,
                Some(loaded) = self.loading.join_next() => {
                    self.loaded(loaded.map_err(TaskError::from).flatten());
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
        let snapshot = self.draw.read().await?;
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

    fn loaded(&mut self, loaded: Result<(), TaskError>) {
        let Err(error) = loaded else {
            return self.backoff.reset();
        };
        if !matches!(error, TaskError::Link(LinkError::Away)) {
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
async fn load(draw: Draw, head: RoundHead) -> Result<(), TaskError> {
    let mut bulk = draw.shared.link.bulk().await?;
    // Allocated at once: growing would briefly hold millions of points twice.
    let mut points = Vec::with_capacity(head.players as usize);
    for first in (0..head.chunks()).step_by(CHUNKS_READ) {
        let next = first..head.chunks().min(first + CHUNKS_READ);
        let chunks = draw.points(&mut bulk, &head.id, next).await?;
        for chunk in chunks.ok_or(TaskError::Gone)? {
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

impl Draw {
    /// Tells all regions the time of the last query, to the second, until stopped: at most one call to Redis per second.
    async fn tell_queries(self, stop: CancellationToken) {
        let tell = async {
            let mut backoff = Backoff::new();
            loop {
                self.asked().await;
                while let Err(error) = self.record_query().await {
                    if !matches!(error, LinkError::Away) {
                        warn!(%error, "Failed to record a query of the draw; retrying");
                    }
                    tokio::time::sleep(backoff.delay()).await;
                    self.shared.link.up().await;
                }
                backoff.reset();
            }
        };
        stop.run_until_cancelled(tell).await;
    }
}
