//! The handle through which everything reads the draw.

use super::DrawError;
use super::clock::Clock;
use super::head::{Known, RoundId};
use super::round::Round;
use super::store::{Snapshot, Store};
use crate::Metrics;
use crate::redis::{Keys, Link};
use crate::timestamp::{rfc3339, to_the_second};
use protocol::{DrawNews, DrawProgress, DrawReport, MaxTwo, PlayerPoints};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockWriteGuard};
use tokio::sync::{Notify, watch};

/// This instance's copy of the running round. A cheap clone.
#[derive(Clone)]
pub struct Draw {
    shared: Arc<Shared>,
}

struct Shared {
    store: Store,
    /// Whole, or not there.
    running: RwLock<Option<Running>>,
    progress: Mutex<Option<DrawProgress>>,
    known: Mutex<Known>,
    clock: Clock,
    /// When the draw was last asked, in seconds since 1970 by Redis's clock; 0 before the first time.
    asked_s: AtomicU64,
    /// Somebody asked here, the first time in that second.
    asked: Notify,
    /// Whether pages were told an age since the last look at this.
    told_age: AtomicBool,
    /// Counts the changes of all of this.
    changed: watch::Sender<u64>,
    metrics: Metrics,
}

/// The round that runs.
#[derive(Clone)]
struct Running {
    round: Arc<Round>,
    /// When the next is due, in milliseconds by Redis's clock: sooner than it was, where the settings have changed.
    next_ms: u64,
}

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The round that the players are of.
    pub round: u64,
    /// The answer.
    pub two: MaxTwo,
}

impl Draw {
    pub(crate) fn new(link: Link, keys: &Keys, metrics: Metrics) -> Self {
        let shared = Shared {
            store: Store::new(link, keys),
            running: RwLock::new(None),
            progress: Mutex::new(None),
            known: Mutex::default(),
            clock: Clock::new(),
            asked_s: AtomicU64::new(0),
            asked: Notify::new(),
            told_age: AtomicBool::new(false),
            changed: watch::Sender::new(0),
            metrics,
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Whether a round is known, so that everything here has an answer.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.running().is_ok()
    }

    /// How long ago Redis was last heard of, in milliseconds; 0 while it is in reach.
    #[must_use]
    pub fn age_ms(&self) -> u64 {
        self.store().link().age_ms()
    }

    /// Counts every change from now on: another round, its making, a query, and Redis going away or coming back.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.shared.changed.subscribe()
    }

    /// Asks: picks at most two at random of the players whose points are above the minimum, and takes note of the
    /// time, for all regions.
    ///
    /// # Errors
    /// [`DrawError::NotReady`].
    pub fn ask(&self) -> Result<Asked, DrawError> {
        let round = self.running()?.round;
        let now_s = self.shared.clock.now_ms() / 1_000;
        let before_s = self.shared.asked_s.fetch_max(now_s, Ordering::AcqRel);
        if before_s < now_s {
            self.shared.asked.notify_one();
            self.announce();
        }
        self.shared.metrics.draw_queries.inc();
        Ok(Asked {
            round: round.head().id.number,
            two: MaxTwo {
                users: round.pick(&mut rand::rng()),
                timestamp: told(before_s * 1_000, to_the_second),
            },
        })
    }

    /// A player's points.
    ///
    /// # Errors
    /// [`DrawError`].
    pub fn player(&self, id: u64) -> Result<PlayerPoints, DrawError> {
        self.running()?.round.player(id)
    }

    /// The running round.
    ///
    /// # Errors
    /// [`DrawError::NotReady`].
    pub fn report(&self) -> Result<DrawReport, DrawError> {
        Ok(self.report_of(&self.running()?))
    }

    /// The same with what pages show beside it.
    ///
    /// # Errors
    /// [`DrawError::NotReady`].
    pub fn news(&self) -> Result<DrawNews, DrawError> {
        let running = self.running()?;
        let report = self.report_of(&running);
        if report.age_ms > 0 {
            self.shared.told_age.store(true, Ordering::Release);
        }
        let Running { round, next_ms } = running;
        // The clock is behind Redis's by what an answer takes: never more than all the time between the two is told.
        let wait_ms = (next_ms.saturating_sub(self.shared.clock.now_ms()))
            .min(next_ms.saturating_sub(round.head().started_ms));
        Ok(DrawNews {
            next_in_ms: report.progress.is_none().then_some(wait_ms),
            asked_at: told(self.asked_s() * 1_000, rfc3339),
            opening: round.opening().to_vec(),
            report,
        })
    }

    pub(super) fn store(&self) -> &Store {
        &self.shared.store
    }

    pub(super) fn metrics(&self) -> &Metrics {
        &self.shared.metrics
    }

    /// Waits until somebody may have asked here in another second than before.
    pub(super) async fn asked(&self) {
        self.shared.asked.notified().await;
    }

    /// When the draw was last asked, in seconds since 1970 by Redis's clock; 0 before the first time.
    pub(super) fn asked_s(&self) -> u64 {
        self.shared.asked_s.load(Ordering::Acquire)
    }

    /// The running round as this instance knows it.
    pub(super) fn id(&self) -> Option<RoundId> {
        self.running()
            .ok()
            .map(|running| running.round.head().id.clone())
    }

    /// Whether pages were told an age since the last time that this was asked.
    pub(super) fn has_told_age(&self) -> bool {
        self.shared.told_age.swap(false, Ordering::AcqRel)
    }

    /// The largest numbers that this instance has seen.
    pub(super) fn known(&self) -> Known {
        *lock(&self.shared.known)
    }

    /// Takes note of a round that this instance begins to make.
    pub(super) fn note_try(&self, id: &RoundId) {
        lock(&self.shared.known).note_try(id);
    }

    /// Takes in the time, and when the draw was last asked.
    pub(super) fn hear(&self, snapshot: &Snapshot) {
        self.shared.clock.set(snapshot.now_ms);
        let asked = &self.shared.asked_s;
        let changed = asked.fetch_update(Ordering::AcqRel, Ordering::Acquire, |known_s| {
            let asked_s = snapshot.last_query(known_s);
            (asked_s != known_s).then_some(asked_s)
        });
        if changed.is_ok() {
            self.announce();
        }
    }

    /// Takes in how far the next round is.
    pub(super) fn hear_progress(&self, progress: Option<DrawProgress>) {
        let before = std::mem::replace(&mut *lock(&self.shared.progress), progress);
        if before != progress {
            self.announce();
        }
    }

    /// Answers from this round from now on.
    pub(super) fn take(&self, round: Round) {
        lock(&self.shared.known).note(&round.head().id);
        // It was this one's. Of a next one that is made already, the next look tells.
        *lock(&self.shared.progress) = None;
        let next_ms = round.head().next_ms;
        let before = self.write().replace(Running {
            round: Arc::new(round),
            next_ms,
        });
        // Not while everybody waits for the lock.
        drop(before);
        self.shared.metrics.draw_rounds_loaded.inc();
        self.announce();
    }

    /// Takes in when the next round is due after the one that runs.
    pub(super) fn hear_next(&self, next_ms: u64) {
        let mut running = self.write();
        let before = (running.as_mut()).map(|known| std::mem::replace(&mut known.next_ms, next_ms));
        drop(running);
        if before.is_some_and(|before| before != next_ms) {
            self.announce();
        }
    }

    /// Wakes all who wait for changes.
    pub(super) fn announce(&self) {
        self.shared.changed.send_modify(|count| *count += 1);
    }

    fn report_of(&self, running: &Running) -> DrawReport {
        let Running { round, next_ms } = running;
        let head = round.head();
        let progress = *lock(&self.shared.progress);
        // What was made of it before it became the running one is of no interest any more.
        let progress = progress.filter(|progress| progress.round > head.id.number);
        let next_at = match progress {
            Some(_) => None,
            None => told(*next_ms, rfc3339),
        };
        DrawReport {
            round: head.id.number,
            players: head.players,
            started_at: told(head.started_ms, rfc3339).unwrap_or_default(),
            next_at,
            progress,
            histogram: round.histogram().to_vec(),
            age_ms: self.age_ms(),
        }
    }

    /// A poisoned lock guards a whole round or none: go on with it.
    fn running(&self) -> Result<Running, DrawError> {
        let running = self.shared.running.read();
        let running = running.unwrap_or_else(PoisonError::into_inner);
        running.clone().ok_or(DrawError::NotReady)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Option<Running>> {
        let running = self.shared.running.write();
        running.unwrap_or_else(PoisonError::into_inner)
    }
}

/// A poisoned lock guards plain values that are valid at every step: go on with them.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A time as it is told; nothing for 0.
fn told(ms: u64, tell: fn(i64) -> Option<String>) -> Option<String> {
    let ms = i64::try_from(ms).ok().filter(|ms| *ms > 0);
    ms.and_then(tell)
}
