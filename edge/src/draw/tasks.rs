//! Follows the draw: loads its rounds, tells of queries, makes frames.

use super::Draw;
use super::head::{Head, RoundId};
use super::round::{Round, RoundError};
use crate::hub::until;
use crate::redis::{Backoff, LinkError, News};
use std::time::Duration;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

/// Chunks that are read in one call: a megabyte.
const CHUNKS_READ: usize = 4;

/// Keeps this instance's copy of the running round.
pub(crate) struct FollowTask {
    draw: Draw,
    news: News,
    /// The time between two looks where no news comes: what is published may be lost.
    every: Duration,
    /// Loads a round, while the next looks go on; one at a time.
    loading: JoinSet<Result<(), LoadError>>,
    /// The round that is loaded, or was last.
    tried: Option<RoundId>,
    /// When it may be tried again, where that failed.
    retry_at: Option<Instant>,
    backoff: Backoff,
    was_away: bool,
}

/// Why a round was not loaded.
#[derive(Debug, thiserror::Error)]
enum LoadError {
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error("a part of it is gone")]
    Gone,
    #[error(transparent)]
    Round(#[from] RoundError),
    #[error("the task that looks at its points ended")]
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
                Some(Err(error)) => warn!(%error, "The draw cannot be read; trying again"),
            }
            self.look_at_age();
        }
    }

    /// Takes in what there is; the points only of a round that is not known here.
    async fn look(&mut self) -> Result<(), LinkError> {
        let snapshot = self.draw.store().read().await?;
        self.draw.hear(&snapshot);
        match snapshot.head {
            Some(head) if self.draw.id().as_ref() != Some(&head.id) => self.load(head),
            head => {
                // Not before the round is there that was made: no page shows that it is made no more and not there
                // either.
                self.draw.hear_progress(snapshot.progress);
                if let Some(head) = head {
                    self.draw.hear_next(head.next_ms);
                }
            }
        }
        Ok(())
    }

    /// Loads a round, unless one is being loaded, or this one failed a moment ago.
    fn load(&mut self, head: Head) {
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
            warn!(%error, "A round of the draw could not be loaded; trying again");
        }
        self.retry_at = Some(Instant::now() + self.backoff.delay());
        self.draw.hear_progress(None);
    }

    /// Pages show whether what they show is of now, also while no other round comes.
    fn look_at_age(&mut self) {
        let is_away = self.draw.age_ms() > 0;
        let told = self.draw.has_told_age();
        if is_away != self.was_away || !is_away && told {
            self.draw.announce();
        }
        self.was_away = is_away;
    }
}

/// Loads a round, and answers from it from then on.
async fn load(draw: Draw, head: Head) -> Result<(), LoadError> {
    let mut bulk = draw.store().link().bulk().await?;
    // At once: with millions, what grows is for a moment there twice.
    let mut points = Vec::with_capacity(head.players as usize);
    for first in (0..head.chunks()).step_by(CHUNKS_READ) {
        let next = first..head.chunks().min(first + CHUNKS_READ);
        let chunks = draw.store().points(&mut bulk, &head.id, next).await?;
        for chunk in chunks.ok_or(LoadError::Gone)? {
            points.extend_from_slice(&chunk);
        }
    }
    let number = head.id.number;
    // To look at millions of players takes a while.
    let round =
        tokio::task::spawn_blocking(move || Round::new(head, points, &mut rand::rng())).await??;
    debug!(draw.round = number, "Loaded a round of the draw");
    draw.take(round);
    Ok(())
}

/// Tells all regions when the draw was asked here, to the second: so it calls Redis once a second at most.
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

    /// Tells of the last query, as soon as Redis is there to hear of it.
    async fn tell(&self, backoff: &mut Backoff) {
        let store = self.draw.store();
        while let Err(error) = store.asked(self.draw.asked_s()).await {
            if !matches!(error, LinkError::Away) {
                warn!(%error, "Redis did not take when the draw was asked; trying again");
            }
            tokio::time::sleep(backoff.delay()).await;
            store.link().up().await;
        }
        backoff.reset();
    }
}
