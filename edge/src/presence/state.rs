//! This instance's sessions and persons, and which changes Redis does not know yet.

use crate::PersonId;
use crate::sync::lock;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::sync::Notify;

/// Counts this instance's sessions. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Presence {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Notify,
}

/// What a session is told through.
pub(crate) trait End: Send + Sync {
    /// Tells it to end.
    fn end(&self);
}

#[derive(Default)]
struct State {
    /// Each person's open sessions.
    people: HashMap<PersonId, Vec<Arc<dyn End>>>,
    connections: u32,
    /// Whether every session is to end, also those that come.
    has_ended: bool,
    /// Persons who came or went since the last call to Redis.
    stale: HashSet<PersonId>,
    /// Whether no visitors may be sent here.
    unlisted: bool,
}

/// What to send to Redis.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Change {
    pub(crate) connections: u32,
    /// Whether visitors may be sent here.
    pub(crate) listed: bool,
    pub(crate) joined: Vec<PersonId>,
    pub(crate) left: Vec<PersonId>,
}

impl Change {
    /// Whether nobody came or went.
    pub(crate) fn is_empty(&self) -> bool {
        self.joined.is_empty() && self.left.is_empty()
    }
}

impl Presence {
    /// Counts a session until it [leaves](Self::leave).
    pub(crate) fn join(&self, person: PersonId, session: Arc<dyn End>) {
        let mut state = self.state();
        if state.has_ended {
            session.end();
        }
        state.connections += 1;
        // Most people have one.
        let one = || Vec::with_capacity(1);
        let open = state.people.entry(person).or_insert_with(one);
        open.push(session);
        if open.len() == 1 {
            state.stale.insert(person);
        }
        drop(state);
        self.shared.changed.notify_one();
    }

    /// Counts a person's session no longer.
    pub(crate) fn leave(&self, person: PersonId, session: &Arc<dyn End>) {
        let mut state = self.state();
        state.connections -= 1;
        if let Some(open) = state.people.get_mut(&person) {
            open.retain(|other| !Arc::ptr_eq(other, session));
            if open.is_empty() {
                state.people.remove(&person);
                state.stale.insert(person);
            }
        }
        drop(state);
        self.shared.changed.notify_one();
    }

    /// Tells the open sessions of a person to end.
    pub(crate) fn end(&self, person: PersonId) {
        for session in self.state().people.get(&person).into_iter().flatten() {
            session.end();
        }
    }

    /// Tells all sessions to end, also those that begin later.
    pub(crate) fn end_all(&self) {
        let mut state = self.state();
        state.has_ended = true;
        for session in state.people.values().flatten() {
            session.end();
        }
    }

    /// Open sessions of this instance.
    pub(crate) fn connections(&self) -> u32 {
        self.state().connections
    }

    /// Says whether visitors may be sent to this instance.
    pub(crate) fn set_listed(&self, is_listed: bool) {
        self.state().unlisted = !is_listed;
        self.shared.changed.notify_one();
    }

    /// Waits until something changed since the last wait.
    pub(crate) async fn changed(&self) {
        self.shared.changed.notified().await;
    }

    /// Takes the changes of up to `most` persons; if more are left, that counts as a change.
    pub(crate) fn take_change(&self, most: usize) -> Change {
        let mut state = self.state();
        let stale: Vec<_> = state.stale.iter().copied().take(most).collect();
        let (joined, left) = stale
            .iter()
            .partition(|person| state.people.contains_key(person));
        for person in &stale {
            state.stale.remove(person);
        }
        if !state.stale.is_empty() {
            self.shared.changed.notify_one();
        }
        Change {
            connections: state.connections,
            listed: !state.unlisted,
            joined,
            left,
        }
    }

    /// Puts back a change that may not have reached Redis; that counts as a change.
    pub(crate) fn put_back(&self, change: Change) {
        self.state()
            .stale
            .extend(change.joined.into_iter().chain(change.left));
        self.shared.changed.notify_one();
    }

    /// Marks everyone here as changed: Redis knows nothing about this instance.
    pub(crate) fn forget_told(&self) {
        let mut state = self.state();
        state.stale = state.people.keys().copied().collect();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.shared.state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering};

    const ANN: PersonId = PersonId([1; 16]);
    const BOB: PersonId = PersonId([2; 16]);

    /// A session that notes whether it was told to end.
    #[derive(Default)]
    struct Tab(AtomicBool);

    impl End for Tab {
        fn end(&self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    /// Opens tabs of these people.
    fn join<const N: usize>(presence: &Presence, people: [PersonId; N]) -> [Arc<Tab>; N] {
        people.map(|person| {
            let tab = Arc::new(Tab::default());
            presence.join(person, tab.clone());
            tab
        })
    }

    fn leave(presence: &Presence, person: PersonId, tab: Arc<Tab>) {
        let tab: Arc<dyn End> = tab;
        presence.leave(person, &tab);
    }

    fn ended<const N: usize>(tabs: &[Arc<Tab>; N]) -> [bool; N] {
        tabs.each_ref().map(|tab| tab.0.load(Ordering::Relaxed))
    }

    #[test]
    fn a_person_with_two_tabs_joins_once_and_leaves_with_the_last() {
        let presence = Presence::default();
        let change = |connections, joined, left| Change {
            connections,
            listed: true,
            joined,
            left,
        };

        let [first, second] = join(&presence, [ANN, ANN]);
        assert_eq!(presence.take_change(10), change(2, vec![ANN], vec![]));

        leave(&presence, ANN, first);
        assert_eq!(presence.take_change(10), change(1, vec![], vec![]));

        leave(&presence, ANN, second);
        assert_eq!(presence.take_change(10), change(0, vec![], vec![ANN]));
    }

    #[test]
    fn a_lost_change_is_sent_again_as_it_is_then() {
        let presence = Presence::default();
        let [ann] = join(&presence, [ANN]);
        let change = presence.take_change(10);

        leave(&presence, ANN, ann);
        presence.put_back(change);

        assert_eq!(presence.take_change(10).left, [ANN]);
    }

    #[tokio::test]
    async fn a_lost_change_needs_no_other_change_to_be_sent() {
        let presence = Presence::default();
        join(&presence, [ANN]);
        presence.changed().await;

        let change = presence.take_change(10);
        presence.put_back(change);

        presence.changed().await;
        assert_eq!(presence.take_change(10).joined, [ANN]);
    }

    #[tokio::test]
    async fn many_changes_are_sent_in_bounded_parts() {
        let presence = Presence::default();
        join(&presence, [ANN, BOB]);
        presence.changed().await;

        assert_eq!(presence.take_change(1).joined.len(), 1);

        presence.changed().await;
        assert_eq!(presence.take_change(1).joined.len(), 1);
    }

    #[test]
    fn only_the_open_sessions_of_a_person_end() {
        let presence = Presence::default();
        let before = join(&presence, [ANN, BOB, ANN]);

        presence.end(ANN);

        let next = join(&presence, [ANN]);
        assert_eq!(ended(&before), [true, false, true]);
        assert_eq!(ended(&next), [false]);
    }

    #[test]
    fn all_sessions_end_with_the_instance_also_those_that_come_late() {
        let presence = Presence::default();
        let before = join(&presence, [ANN, BOB]);

        presence.end_all();

        assert_eq!(ended(&before), [true; 2]);
        assert_eq!(ended(&join(&presence, [ANN])), [true]);
    }

    #[test]
    fn registering_again_sends_everyone() {
        let presence = Presence::default();
        join(&presence, [ANN, BOB]);
        presence.take_change(10);

        presence.forget_told();

        assert_eq!(presence.take_change(10).joined.len(), 2);
    }
}
