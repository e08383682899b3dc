//! This instance's sessions and persons, and which changes Redis does not know yet.

use crate::PersonId;
use crate::sync::lock;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

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

/// A person's open sessions.
#[derive(Default)]
struct Open {
    sessions: u32,
    /// Cancelled to end them; those that begin after that have another one.
    end: CancellationToken,
}

#[derive(Default)]
struct State {
    people: HashMap<PersonId, Open>,
    connections: u32,
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
    /// Counts a session until the guard is dropped.
    pub(crate) fn join(&self, person: PersonId) -> Guard {
        let mut state = self.state();
        state.connections += 1;
        let open = state.people.entry(person).or_default();
        open.sessions += 1;
        let (is_first, end) = (open.sessions == 1, open.end.clone());
        if is_first {
            state.stale.insert(person);
        }
        drop(state);
        self.shared.changed.notify_one();
        Guard {
            presence: self.clone(),
            person,
            end,
        }
    }

    /// Tells all sessions of a person to end.
    pub(crate) fn end(&self, person: PersonId) {
        if let Some(open) = self.state().people.get_mut(&person) {
            std::mem::take(&mut open.end).cancel();
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

    fn leave(&self, person: PersonId) {
        let mut state = self.state();
        state.connections -= 1;
        if let Some(open) = state.people.get_mut(&person) {
            open.sessions -= 1;
            if open.sessions == 0 {
                state.people.remove(&person);
                state.stale.insert(person);
            }
        }
        drop(state);
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

/// Counts one session as present until it is dropped.
pub(crate) struct Guard {
    presence: Presence,
    person: PersonId,
    end: CancellationToken,
}

impl Guard {
    /// Cancelled when the session is to end.
    pub(crate) fn end(&self) -> &CancellationToken {
        &self.end
    }

    /// Whose session it is.
    pub(crate) fn person(&self) -> PersonId {
        self.person
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.presence.leave(self.person);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANN: PersonId = PersonId([1; 16]);
    const BOB: PersonId = PersonId([2; 16]);

    #[test]
    fn a_person_with_two_tabs_joins_once_and_leaves_with_the_last() {
        let presence = Presence::default();
        let change = |connections, joined, left| Change {
            connections,
            listed: true,
            joined,
            left,
        };

        let first = presence.join(ANN);
        let second = presence.join(ANN);
        assert_eq!(presence.take_change(10), change(2, vec![ANN], vec![]));

        drop(first);
        assert_eq!(presence.take_change(10), change(1, vec![], vec![]));

        drop(second);
        assert_eq!(presence.take_change(10), change(0, vec![], vec![ANN]));
    }

    #[test]
    fn a_lost_change_is_sent_again_as_it_is_then() {
        let presence = Presence::default();
        let ann = presence.join(ANN);
        let change = presence.take_change(10);

        drop(ann);
        presence.put_back(change);

        assert_eq!(presence.take_change(10).left, [ANN]);
    }

    #[tokio::test]
    async fn a_lost_change_needs_no_other_change_to_be_sent() {
        let presence = Presence::default();
        let _ann = presence.join(ANN);
        presence.changed().await;

        let change = presence.take_change(10);
        presence.put_back(change);

        presence.changed().await;
        assert_eq!(presence.take_change(10).joined, [ANN]);
    }

    #[tokio::test]
    async fn many_changes_are_sent_in_bounded_parts() {
        let presence = Presence::default();
        let _guards = [presence.join(ANN), presence.join(BOB)];
        presence.changed().await;

        assert_eq!(presence.take_change(1).joined.len(), 1);

        presence.changed().await;
        assert_eq!(presence.take_change(1).joined.len(), 1);
    }

    #[test]
    fn only_the_open_sessions_of_a_person_end() {
        let presence = Presence::default();
        let (ann, bob) = (presence.join(ANN), presence.join(BOB));

        presence.end(ANN);

        let next = presence.join(ANN);
        let ended = [&ann, &bob, &next].map(|guard| guard.end().is_cancelled());
        assert_eq!(ended, [true, false, false]);
    }

    #[test]
    fn registering_again_sends_everyone() {
        let presence = Presence::default();
        let _guards = [presence.join(ANN), presence.join(BOB)];
        presence.take_change(10);

        presence.forget_told();

        assert_eq!(presence.take_change(10).joined.len(), 2);
    }
}
