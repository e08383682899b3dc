//! The rules by which a mirror follows the world.

use crate::dispatch::{InstanceNews, Instances};
use protocol::{Region, RegionCode, World};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The most events that wait for a missing one; beyond that, only a snapshot helps.
const EARLY_MAX: usize = 1024;

/// A change of the world, as scripts publish it: the new state of the regions and instances that it touched.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Event {
    pub(crate) epoch: u64,
    pub(crate) rev: u64,
    /// The instance that called the script.
    pub(crate) from: String,
    pub(crate) regions: Vec<Region>,
    #[serde(default)]
    pub(crate) instances: Vec<InstanceNews>,
    /// The number of a batch of clicks that other regions are to confirm.
    pub(crate) batch: Option<u64>,
}

/// The world and all its instances at one revision.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Snapshot {
    #[serde(flatten)]
    pub(crate) world: World,
    pub(crate) instances: Vec<InstanceNews>,
}

/// What has changed since the last call.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Changes {
    /// Anything may have changed: a snapshot was applied.
    pub(crate) all: bool,
    /// The regions that events touched.
    pub(crate) codes: BTreeSet<RegionCode>,
}

/// A mirror's memory.
#[derive(Debug, Default)]
pub(crate) struct State {
    world: World,
    instances: Instances,
    /// Events of this epoch that wait for the previous revision.
    early: BTreeMap<u64, Event>,
    /// The newest epoch and revision known to exist.
    expected: (u64, u64),
    changes: Changes,
}

impl State {
    pub(crate) fn world(&self) -> &World {
        &self.world
    }

    pub(crate) fn instances(&self) -> &Instances {
        &self.instances
    }

    /// Whether a snapshot has been applied since the start.
    pub(crate) fn is_full(&self) -> bool {
        self.world.full
    }

    /// Whether the world is known to be newer than this copy.
    pub(crate) fn is_behind(&self) -> bool {
        self.is_full() && self.expected > (self.world.epoch, self.world.rev)
    }

    /// The newest epoch and revision known to exist: never below the copy's own.
    pub(crate) fn expected(&self) -> (u64, u64) {
        self.expected
    }

    /// Records that a revision exists.
    pub(crate) fn expect(&mut self, epoch: u64, rev: u64) {
        self.expected = self.expected.max((epoch, rev));
    }

    /// Applies an event if it is the next one, and those that waited for it; keeps an early one. Returns whether the world
    /// changed.
    pub(crate) fn apply(&mut self, event: Event) -> bool {
        self.expect(event.epoch, event.rev);
        if event.epoch != self.world.epoch || event.rev <= self.world.rev {
            // An old event is ignored. One of a newer epoch leaves the copy behind, and a snapshot follows.
            return false;
        }
        if self.early.len() < EARLY_MAX {
            self.early.insert(event.rev, event);
        }
        self.is_full() && self.drain()
    }

    /// Applies a snapshot, unless this copy is newer. Returns whether it did.
    pub(crate) fn reset(&mut self, snapshot: Snapshot) -> bool {
        let Snapshot {
            world: snapshot,
            instances,
        } = snapshot;
        let newer = (snapshot.epoch, snapshot.rev) >= (self.world.epoch, self.world.rev);
        if self.is_full() && !newer {
            return false;
        }
        if snapshot.epoch != self.world.epoch {
            self.early.clear();
        }
        self.expect(snapshot.epoch, snapshot.rev);
        self.world = World {
            full: true,
            regions: Vec::new(),
            ..snapshot
        };
        for region in snapshot.regions {
            self.world.put(region);
        }
        self.instances = Instances::default();
        for news in instances {
            self.instances.put(news);
        }
        self.early = self.early.split_off(&(self.world.rev + 1));
        self.changes.all = true;
        self.drain();
        true
    }

    /// Leaves out the instances that are gone and what is known to have been theirs: of the people of a region, only the
    /// number is known, and no more are there than sessions. Returns those instances.
    pub(crate) fn leave_out(&mut self, is_gone: impl Fn(&str) -> bool) -> Vec<String> {
        let gone: Vec<_> = self.instances.take(is_gone);
        for (code, instance) in &gone {
            let Some(mut region) = self.world.region(code).cloned() else {
                continue;
            };
            region.instances = region.instances.saturating_sub(1);
            region.connections = match region.instances {
                0 => 0,
                _ => region.connections.saturating_sub(instance.connections),
            };
            region.people = region.people.min(region.connections);
            self.world.put(region);
            self.changes.codes.insert(code.clone());
        }
        gone.into_iter().map(|(_, instance)| instance.id).collect()
    }

    /// What has changed since the last call.
    pub(crate) fn take_changes(&mut self) -> Changes {
        std::mem::take(&mut self.changes)
    }

    fn drain(&mut self) -> bool {
        let before = self.world.rev;
        while let Some(event) = self.early.remove(&(self.world.rev + 1)) {
            self.world.rev = event.rev;
            for region in event.regions {
                self.changes.codes.insert(region.code.clone());
                self.world.put(region);
            }
            for news in event.instances {
                self.instances.put(news);
            }
        }
        self.world.rev != before
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn region(code: &str, clicks: i64) -> Region {
        Region {
            code: RegionCode::parse(code).unwrap(),
            city: code.into(),
            lat: 0.0,
            lng: 0.0,
            clicks,
            people: 0,
            connections: 0,
            instances: 1,
            reached_ms: None,
            reached_rev: None,
        }
    }

    fn event(epoch: u64, rev: u64, clicks: i64) -> Event {
        Event {
            epoch,
            rev,
            from: "ord-1".into(),
            regions: vec![region("ord", clicks)],
            instances: vec![],
            batch: None,
        }
    }

    fn snapshot(epoch: u64, rev: u64, clicks: i64) -> Snapshot {
        let world = World {
            epoch,
            rev,
            regions: vec![region("ord", clicks)],
            ..World::default()
        };
        Snapshot {
            world,
            instances: vec![],
        }
    }

    #[test]
    fn events_wait_for_their_turn() {
        let mut state = State::default();
        state.reset(snapshot(1, 5, 50));

        assert!(!state.apply(event(1, 7, 70)));
        assert!(state.is_behind());
        assert!(state.apply(event(1, 6, 60)));

        assert_eq!((state.world().rev, state.world().clicks()), (7, 70));
        assert!(!state.is_behind());
    }

    #[test]
    fn events_before_the_first_snapshot_are_applied_after_it() {
        let mut state = State::default();
        state.reset(snapshot(1, 3, 30));
        let mut fresh = State::default();

        // A fresh mirror has epoch 0: it cannot know which epoch is right before its snapshot.
        fresh.apply(event(1, 4, 40));
        fresh.reset(snapshot(1, 3, 30));

        assert!(
            fresh.is_behind(),
            "the snapshot is older than an event that exists"
        );
        fresh.reset(snapshot(1, 4, 40));
        assert!(!fresh.is_behind());
    }

    #[test]
    fn numbers_never_go_back_within_an_epoch() {
        let mut state = State::default();
        state.reset(snapshot(1, 5, 50));

        assert!(!state.apply(event(1, 4, 40)));
        assert!(!state.reset(snapshot(1, 4, 40)));

        assert_eq!((state.world().rev, state.world().clicks()), (5, 50));
    }

    #[test]
    fn a_new_epoch_is_the_new_truth_even_if_smaller() {
        let mut state = State::default();
        state.reset(snapshot(1, 5, 50));

        assert!(!state.apply(event(2, 1, 1)));
        assert!(state.is_behind());
        assert!(state.reset(snapshot(2, 1, 1)));

        let world = state.world();
        assert_eq!((world.epoch, world.rev, world.clicks()), (2, 1, 1));
        assert!(!state.apply(event(1, 6, 60)), "the old epoch is over");
    }

    proptest! {
        /// Whatever order events come in and whichever are lost, a snapshot at the end brings the truth,
        /// and no revision ever shows a number that was not its own.
        #[test]
        fn any_order_with_losses_ends_at_the_truth(
            order in Just((1..=30u64).collect::<Vec<_>>()).prop_shuffle(),
            lost in proptest::collection::vec(any::<bool>(), 30),
            reset_at in 0..30usize,
        ) {
            let mut state = State::default();
            state.reset(snapshot(1, 0, 0));
            for (at, rev) in order.into_iter().enumerate() {
                if at == reset_at {
                    state.reset(snapshot(1, rev, rev as i64 * 10));
                }
                if !lost[rev as usize - 1] {
                    state.apply(event(1, rev, rev as i64 * 10));
                }
                prop_assert_eq!(state.world().clicks(), state.world().rev as i64 * 10);
            }
            state.expect(1, 30);
            if state.is_behind() {
                state.reset(snapshot(1, 30, 300));
            }
            prop_assert_eq!((state.world().rev, state.world().clicks()), (30, 300));
        }
    }
}
