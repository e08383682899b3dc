//! Follows the draw: loads its rounds, tells of queries, makes frames.

use super::Draw;
use super::head::Head;
use super::round::Round;
use super::watch::frame;
use crate::redis::{Backoff, LinkError, News, unreadable};
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};
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
}

impl FollowTask {
    pub(crate) fn new(draw: Draw, every: Duration) -> Self {
        Self {
            draw,
            news: News::default(),
            every,
        }
    }

    pub(crate) async fn run(self, stop: CancellationToken) {
        let link = self.draw.store().link();
        link.follow(self.draw.store().changes(), &self.news);
        let mut looks = interval(self.every);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut was_away = false;
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                () = self.news.come() => drop(self.news.take()),
                _ = looks.tick() => {}
            }
            match stop.run_until_cancelled(self.look()).await {
                None => break,
                Some(Ok(()) | Err(LinkError::Away)) => {}
                Some(Err(error)) => warn!(%error, "The draw cannot be read; trying again"),
            }
            // Pages show whether what they show is of now, also while no other round comes.
            let is_away = self.draw.age_ms() > 0;
            if is_away != was_away {
                self.draw.announce();
            }
            was_away = is_away;
        }
    }

    /// Takes in what there is; the points only of a round that is not known here.
    async fn look(&self) -> Result<(), LinkError> {
        let snapshot = self.draw.store().read().await?;
        self.draw.hear(&snapshot);
        if let Some(head) = snapshot.head
            && self.draw.id().as_ref() != Some(&head.id)
        {
            self.load(head).await?;
        }
        // After the round that was made, so that no page shows that it is made no more and not there either.
        self.draw.hear_progress(snapshot.progress);
        Ok(())
    }

    async fn load(&self, head: Head) -> Result<(), LinkError> {
        let mut bulk = self.draw.store().link().bulk().await?;
        let mut points = Vec::with_capacity(head.chunks());
        while points.len() < head.chunks() {
            let next = points.len()..head.chunks().min(points.len() + CHUNKS_READ);
            match self.draw.store().points(&mut bulk, &head.id, next).await? {
                Some(chunks) => points.extend(chunks),
                // Another round has taken its place since, or does so soon.
                None => return Ok(()),
            }
        }
        let number = head.id.number;
        // To look at millions of players takes a while.
        let counted =
            tokio::task::spawn_blocking(move || Round::new(head, points, &mut rand::rng())).await;
        match counted {
            Ok(Ok(round)) => {
                debug!(draw.round = number, "Loaded a round of the draw");
                self.draw.take(round);
                Ok(())
            }
            Ok(Err(error)) => {
                warn!(draw.round = number, %error, "A round cannot be used");
                Err(unreadable("a round of the draw"))
            }
            Err(_) => Err(unreadable("a round of the draw")),
        }
    }
}

/// Tells all regions when the draw was asked here, to the second: so it calls Redis once a second at most.
pub(crate) struct AskTask {
    pub(crate) draw: Draw,
}

impl AskTask {
    pub(crate) async fn run(self, stop: CancellationToken) {
        let mut backoff = Backoff::new();
        while stop.run_until_cancelled(self.draw.asked()).await.is_some() {
            // Pages here are told of it, whether Redis is there or not.
            self.draw.announce();
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

/// Turns changes of the draw into frames.
pub(crate) struct PublishTask {
    pub(crate) draw: Draw,
    /// The least time between two frames.
    pub(crate) pace: Duration,
}

impl PublishTask {
    pub(crate) async fn run(self, stop: CancellationToken) {
        let mut changes = self.draw.changes();
        let publishing = async {
            while changes.changed().await.is_ok() {
                let next = Instant::now() + self.pace;
                changes.mark_unchanged();
                if let Some(frame) = frame(&self.draw) {
                    self.draw.topic().publish_new(frame);
                    self.draw.metrics().draw_frames.inc();
                }
                sleep_until(next).await;
            }
        };
        let _ended = stop.run_until_cancelled(publishing).await;
    }
}
