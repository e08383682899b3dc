//! The copy of who was forgotten.

use crate::PersonId;
use std::collections::{HashSet, VecDeque};

/// The most persons that are remembered, here and in Redis; then the oldest is not any longer. That is no harm: what was
/// theirs was given up when they were forgotten, so whoever still has their cookie is somebody without anything.
pub(super) const PERSONS_MAX: usize = 200_000;

/// Who was forgotten, oldest first.
#[derive(Debug, Default)]
pub(super) struct State {
    persons: HashSet<PersonId>,
    /// With the time, in milliseconds by Redis's clock.
    order: VecDeque<(PersonId, u64)>,
}

impl State {
    pub(super) fn contains(&self, person: PersonId) -> bool {
        self.persons.contains(&person)
    }

    /// Adds a person; true if they are new.
    pub(super) fn add(&mut self, person: PersonId, at_ms: u64) -> bool {
        self.add_to(person, at_ms, PERSONS_MAX)
    }

    /// All but those, oldest first, with the time.
    pub(super) fn missing_in(&self, those: &HashSet<PersonId>) -> Vec<(PersonId, u64)> {
        let missing = self.order.iter();
        let missing = missing.filter(|(person, _)| !those.contains(person));
        missing.copied().collect()
    }

    fn add_to(&mut self, person: PersonId, at_ms: u64, most: usize) -> bool {
        let is_new = self.persons.insert(person);
        if is_new {
            self.order.push_back((person, at_ms));
            while self.order.len() > most
                && let Some((oldest, _)) = self.order.pop_front()
            {
                self.persons.remove(&oldest);
            }
        }
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_remembered() {
        let mut state = State::default();
        let persons = [1, 2, 3].map(|byte| PersonId([byte; 16]));

        let new = [0, 1, 1, 0, 2].map(|at| state.add_to(persons[at], 0, 2));

        assert_eq!(new, [true, true, false, false, true]);
        assert_eq!(
            persons.map(|person| state.contains(person)),
            [false, true, true]
        );
        let missing = state.missing_in(&HashSet::from([persons[1]]));
        assert_eq!(missing, [(persons[2], 0)]);
    }
}
