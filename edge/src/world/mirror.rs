//! The handle to the world.

use super::arrivals::{Arrivals, Confirmation};
use super::signs::Signs;
use super::state::{Changes, Event, Snapshot, State};
use crate::dispatch::Instances;
use crate::redis::Link;
use crate::sync::lock;
use protocol::{HISTORY_SAMPLES, Region, RegionCode, World};
use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// This instance's copy of the world. Cheap to clone.
#[derive(Clone)]
pub struct Mirror {
    shared: Arc<Shared>,
}

struct Shared {
    memory: Mutex<Memory>,
    /// Counts changes, for those who wait for one.
    changed: watch::Sender<u64>,
    link: Link,
    /// This instance.
    own: String,
    /// For how long an instance may give no sign of life.
    silence_max: Duration,
}

#[derive(Default)]
struct Memory {
    state: State,
    history: VecDeque<i64>,
    /// Since when the copy has been behind.
    behind_since: Option<Instant>,
    signs: Signs,
    arrivals: Arrivals,
    /// The instances that are left out of the copy, as they gave no sign of life.
    left_out: HashSet<String>,
    /// Whether one is left out that may be there after all.
    in_doubt: bool,
}

impl Memory {
    /// The world, with how soon its regions had this instance's clicks.
    fn world(&self) -> World {
        let mut world = self.state.world().clone();
        for region in &mut world.regions {
            let reached = self.arrivals.of(world.epoch, &region.code);
            (region.reached_rev, region.reached_ms) = reached.unzip();
        }
        world
    }

    /// Leaves those out who have given no sign of life for that long. Returns whether there was one.
    fn leave_out(&mut self, own: &str, limit: Duration) -> bool {
        let now = Instant::now();
        let signs = &self.signs;
        let gone = self
            .state
            .leave_out(|id| id != own && signs.is_silent(id, limit, now));
        let any = !gone.is_empty();
        self.left_out.extend(gone);
        any
    }
}

impl Mirror {
    pub(crate) fn new(link: Link, own: String, silence_max: Duration) -> Self {
        let shared = Shared {
            memory: Mutex::default(),
            changed: watch::Sender::new(0),
            link,
            own,
            silence_max,
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// The world as last known, with its age.
    #[must_use]
    pub fn world(&self) -> World {
        let world = self.memory().world();
        World {
            age_ms: self.age_ms(),
            ..world
        }
    }

    /// The world's clicks at regular intervals, oldest first.
    #[must_use]
    pub fn history(&self) -> Vec<i64> {
        self.memory().history.iter().copied().collect()
    }

    /// Whether a full snapshot has been taken since the start.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.memory().state.is_full()
    }

    /// Whether Redis is reachable.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.shared.link.is_up()
    }

    /// Milliseconds since Redis was last in reach and took writes; 0 while it is and does.
    #[must_use]
    pub fn age_ms(&self) -> u64 {
        self.shared.link.age_ms()
    }

    /// Counts changes from now on: of the world, and of whether it has an age.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.shared.changed.subscribe()
    }

    /// The epoch and revision of the copy.
    #[must_use]
    pub fn position(&self) -> (u64, u64) {
        let memory = self.memory();
        let world = memory.state.world();
        (world.epoch, world.rev)
    }

    /// Reads the world and its live instances under the lock: be brief.
    pub(crate) fn with_instances<T>(&self, look: impl FnOnce(&World, &Instances) -> T) -> T {
        let memory = self.memory();
        look(memory.state.world(), memory.state.instances())
    }

    /// The newest epoch and revision known to exist, in this copy or not.
    pub(crate) fn newest_known(&self) -> (u64, u64) {
        self.memory().state.expected()
    }

    /// Waits until the copy has reached that revision.
    pub(crate) async fn reached(&self, epoch: u64, rev: u64) {
        let mut changes = self.changes();
        // The sender lives as long as this handle: the wait cannot fail.
        let _reached = changes.wait_for(|_| self.position() >= (epoch, rev)).await;
    }

    /// The world, and what has changed since the last call; only for the task that publishes frames.
    pub(crate) fn take_changes(&self) -> (World, Changes) {
        let mut memory = self.memory();
        let mut changes = memory.state.take_changes();
        changes.codes.extend(memory.arrivals.take_new());
        let world = memory.world();
        drop(memory);
        (
            World {
                age_ms: self.age_ms(),
                ..world
            },
            changes,
        )
    }

    pub(crate) fn apply(&self, event: Event) {
        self.hear(&event.from);
        if self.change(|memory| memory.state.apply(event)) {
            self.announce();
        }
    }

    /// Whether other regions than this one are to confirm a batch of clicks that is sent now: not where there are none, nor
    /// where they were asked a moment ago.
    pub(crate) fn probe(&self, here: &RegionCode, batch: u64) -> bool {
        let mut memory = self.memory();
        let is_elsewhere = |region: &Region| region.instances > 0 && region.code != *here;
        let is_heard = memory.state.world().regions.iter().any(is_elsewhere);
        is_heard && memory.arrivals.probe(batch, Instant::now())
    }

    /// Whether this instance is the one that speaks for its region.
    pub(crate) fn speaks_for(&self, here: &RegionCode) -> bool {
        let memory = self.memory();
        let ids = memory
            .state
            .instances()
            .of(here)
            .iter()
            .map(|instance| &instance.id);
        ids.min() == Some(&self.shared.own)
    }

    /// Takes in that another region has a batch of clicks.
    pub(crate) fn arrive(&self, confirmation: Confirmation) {
        if self.memory().arrivals.hear(confirmation, Instant::now()) {
            self.announce();
        }
    }

    pub(crate) fn reset(&self, snapshot: Snapshot, history: Vec<i64>) {
        let taken = self.change(|memory| {
            let taken = memory.state.reset(snapshot);
            if taken {
                memory.history = history.into();
                memory.left_out.clear();
                memory.in_doubt = false;
                memory.leave_out(&self.shared.own, self.shared.silence_max);
            }
            taken
        });
        if taken {
            self.announce();
        }
    }

    /// Watches for signs of life from now on, as Redis does not say who is gone.
    pub(crate) fn watch_signs(&self) {
        self.memory().signs.watch(Instant::now());
    }

    /// Stops that: Redis says who is gone, or this instance hears nobody.
    pub(crate) fn stop_watching(&self) {
        let mut memory = self.memory();
        memory.signs.stop();
        memory.in_doubt |= !memory.left_out.is_empty();
    }

    /// Leaves those out who have given no sign of life.
    pub(crate) fn leave_out_silent(&self) {
        let (own, limit) = (&self.shared.own, self.shared.silence_max);
        if self.change(|memory| memory.leave_out(own, limit)) {
            self.announce();
        }
    }

    /// Whether an instance is left out that may be there after all: read a snapshot.
    pub(crate) fn is_in_doubt(&self) -> bool {
        self.memory().in_doubt
    }

    fn hear(&self, instance: &str) {
        let mut memory = self.memory();
        memory.signs.hear(instance, Instant::now());
        memory.in_doubt |= memory.left_out.contains(instance);
    }

    /// Records that a revision exists.
    pub(crate) fn expect(&self, epoch: u64, rev: u64) {
        self.change(|memory| memory.state.expect(epoch, rev));
    }

    /// Appends the present clicks to the history.
    pub(crate) fn sample(&self) {
        let mut memory = self.memory();
        let clicks = memory.state.world().clicks();
        memory.history.push_back(clicks);
        while memory.history.len() > HISTORY_SAMPLES {
            memory.history.pop_front();
        }
    }

    /// For how long the copy has been behind.
    pub(crate) fn behind_for(&self) -> Option<Duration> {
        self.memory().behind_since.map(|since| since.elapsed())
    }

    /// Wakes those who wait for changes.
    pub(crate) fn announce(&self) {
        self.shared.changed.send_modify(|count| *count += 1);
    }

    fn change<T>(&self, change: impl FnOnce(&mut Memory) -> T) -> T {
        let mut memory = self.memory();
        let outcome = change(&mut memory);
        memory.behind_since = match memory.state.is_behind() {
            true => memory.behind_since.or_else(|| Some(Instant::now())),
            false => None,
        };
        outcome
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        lock(&self.shared.memory)
    }
}
