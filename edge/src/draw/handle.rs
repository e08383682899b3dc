//! The handle to the draw.

use super::head::{HighestSeen, RoundId};
use super::round::Round;
use super::store::DrawSnapshot;
use super::{DrawError, DrawMetrics};
use crate::redis::{Keys, Link, as_ms};
use crate::sync::lock;
use crate::timestamp::{rfc3339, to_the_second};
use protocol::{DrawNews, DrawProgress, DrawReport, MaxTwo, PlayerPoints};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockWriteGuard};
use std::time::Instant;
use tokio::sync::{Notify, watch};

/// This instance's copy of the running round. Cheap to clone.
#[derive(Clone)]
pub struct Draw {
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    pub(super) link: Link,
    /// The keys of every script; the last is the channel that announces changes.
    pub(super) keys: [String; 7],
    /// A complete round, or none.
    running: RwLock<Option<Running>>,
    progress: Mutex<Option<DrawProgress>>,
    known: Mutex<HighestSeen>,
    /// The time in Redis's last answer, in milliseconds since 1970, and when that came.
    clock: Mutex<(u64, Instant)>,
    /// The time of the last query, in seconds since 1970 by Redis's clock; 0 before the first.
    asked_s: AtomicU64,
    /// Signals the first query of a second on this instance.
    asked: Notify,
    /// Whether pages were sent an age since this was last checked.
    told_age: AtomicBool,
    /// Counts changes of any of these.
    changed: watch::Sender<u64>,
    pub(super) metrics: DrawMetrics,
}

/// The running round.
#[derive(Clone)]
struct Running {
    round: Arc<Round>,
    /// When the next one is due, in milliseconds by Redis's clock; changes with the settings.
    next_ms: u64,
}

/// The answer to a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawAnswer {
    /// The round of the players.
    pub round: u64,
    /// The players, and the time of the query before.
    pub two: MaxTwo,
}

impl Draw {
    pub(crate) fn new(link: Link, keys: &Keys, metrics: DrawMetrics) -> Self {
        let keys = keys.draw_all();
        let shared = Shared {
            // In a cluster, the draw may be on another node than the world.
            link: link.of(&keys[0]),
            keys,
            running: RwLock::new(None),
            progress: Mutex::new(None),
            known: Mutex::default(),
            clock: Mutex::new((0, Instant::now())),
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

    /// Whether a round is loaded, so that queries can be answered.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.running().is_ok()
    }

    /// Milliseconds since Redis was last in reach and took writes; 0 while it is and does.
    #[must_use]
    pub fn age_ms(&self) -> u64 {
        self.shared.link.age_ms()
    }

    /// Counts changes from now on: a new round, progress, queries, and Redis becoming reachable or unreachable.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.shared.changed.subscribe()
    }

    /// Answers a query: picks up to two random players with points above the minimum, and records the time for all
    /// regions.
    ///
    /// # Errors
    /// [`DrawError::NotReady`].
    pub fn ask(&self) -> Result<DrawAnswer, DrawError> {
        let round = self.running()?.round;
        let now_s = self.now_ms() / 1_000;
        let before_s = self.shared.asked_s.fetch_max(now_s, Ordering::AcqRel);
        if before_s < now_s {
            self.shared.asked.notify_one();
            self.announce();
        }
        self.shared.metrics.queries.inc();
        Ok(DrawAnswer {
            round: round.head().id.number,
            two: MaxTwo {
                users: round.pick(&mut rand::rng()),
                timestamp: format_time(before_s * 1_000, to_the_second),
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

    /// The running round with what pages show besides.
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
        // The clock lags Redis's by the time of an answer: never more than the whole period.
        let wait_ms = (next_ms.saturating_sub(self.now_ms()))
            .min(next_ms.saturating_sub(round.head().started_ms));
        Ok(DrawNews {
            next_in_ms: report.progress.is_none().then_some(wait_ms),
            asked_at: format_time(self.asked_s() * 1_000, rfc3339),
            opening: round.opening().to_vec(),
            report,
        })
    }

    /// Waits until there may have been a query in a new second.
    pub(super) async fn asked(&self) {
        self.shared.asked.notified().await;
    }

    /// The time of the last query, in seconds since 1970 by Redis's clock; 0 before the first.
    pub(super) fn asked_s(&self) -> u64 {
        self.shared.asked_s.load(Ordering::Acquire)
    }

    /// The id of the round that this instance has loaded.
    pub(super) fn id(&self) -> Option<RoundId> {
        self.running()
            .ok()
            .map(|running| running.round.head().id.clone())
    }

    /// Whether pages were sent an age since the last call.
    pub(super) fn has_told_age(&self) -> bool {
        self.shared.told_age.swap(false, Ordering::AcqRel)
    }

    /// The highest numbers that this instance has seen.
    pub(super) fn known(&self) -> HighestSeen {
        *lock(&self.shared.known)
    }

    /// The running round.
    pub(super) fn round(&self) -> Result<Arc<Round>, DrawError> {
        Ok(self.running()?.round)
    }

    /// Records how many players' numbers were given away.
    pub(super) fn note_given(&self, given: u64) {
        lock(&self.shared.known).note_given(given);
    }

    /// Records a round that this instance begins to make.
    pub(super) fn note_try(&self, id: &RoundId) {
        lock(&self.shared.known).note_try(id);
    }

    /// Takes the time, and the time of the last query.
    pub(super) fn hear(&self, snapshot: &DrawSnapshot) {
        *lock(&self.shared.clock) = (snapshot.now_ms, Instant::now());
        let asked = &self.shared.asked_s;
        let changed = asked.fetch_update(Ordering::AcqRel, Ordering::Acquire, |known_s| {
            let asked_s = snapshot.last_query(known_s);
            (asked_s != known_s).then_some(asked_s)
        });
        if changed.is_ok() {
            self.announce();
        }
    }

    /// Takes the progress of the next round.
    pub(super) fn hear_progress(&self, progress: Option<DrawProgress>) {
        let before = std::mem::replace(&mut *lock(&self.shared.progress), progress);
        if before != progress {
            self.announce();
        }
    }

    /// Replaces the running round.
    pub(super) fn take(&self, round: Round) {
        lock(&self.shared.known).note(&round.head().id);
        // It was this round's. If the next is being made already, the next read says so.
        *lock(&self.shared.progress) = None;
        let next_ms = round.head().next_ms;
        let before = self.write().replace(Running {
            round: Arc::new(round),
            next_ms,
        });
        // Freed after the lock, which everybody waits for.
        drop(before);
        self.shared.metrics.rounds_loaded.inc();
        self.announce();
    }

    /// Takes the time at which the next round is due.
    pub(super) fn hear_next(&self, next_ms: u64) {
        let mut running = self.write();
        let before = (running.as_mut()).map(|known| std::mem::replace(&mut known.next_ms, next_ms));
        drop(running);
        if before.is_some_and(|before| before != next_ms) {
            self.announce();
        }
    }

    /// Wakes those who wait for changes.
    pub(super) fn announce(&self) {
        self.shared.changed.send_modify(|count| *count += 1);
    }

    /// Redis's time, estimated. Assumes that its last answer took no time: how long it took is unknown, and a clock that
    /// runs ahead would date queries a second later than Redis does.
    fn now_ms(&self) -> u64 {
        let (answered_ms, came) = *lock(&self.shared.clock);
        answered_ms.saturating_add(as_ms(came.elapsed()))
    }

    fn report_of(&self, running: &Running) -> DrawReport {
        let Running { round, next_ms } = running;
        let head = round.head();
        let progress = *lock(&self.shared.progress);
        // The progress of the round that runs by now is outdated.
        let progress = progress.filter(|progress| progress.round > head.id.number);
        let next_at = match progress {
            Some(_) => None,
            None => format_time(*next_ms, rfc3339),
        };
        DrawReport {
            round: head.id.number,
            players: head.players,
            started_at: format_time(head.started_ms, rfc3339).unwrap_or_default(),
            next_at,
            progress,
            histogram: round.histogram().to_vec(),
            age_ms: self.age_ms(),
        }
    }

    /// Ignores poisoning: the lock holds a complete round or none.
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

/// Formats a time; `None` for 0.
fn format_time(ms: u64, format: fn(u64) -> Option<String>) -> Option<String> {
    (ms > 0).then(|| format(ms)).flatten()
}
