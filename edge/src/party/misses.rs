//! Limits guessing of codes, in the whole cluster.
//!
//! Each instance counts the codes of no party that were named to it. Its heartbeat adds them to the cluster's number of the
//! last minute and brings that back, so no call is made for it. A limit may then be the tighter the more there are.

use super::{Parties, PartyError};
use crate::PersonId;
use crate::hub::MissLimit;
use protocol::PartyCode;
use std::sync::atomic::{AtomicU32, Ordering};

/// Counts this instance's misses between two heartbeats, and knows those of the cluster.
#[derive(Default)]
pub(crate) struct Misses {
    unsent: AtomicU32,
    in_cluster: AtomicU32,
}

impl Misses {
    /// Counts one. Returns how many there were in the last minute, as far as this instance knows.
    fn count(&self) -> u32 {
        let unsent = self.unsent.fetch_add(1, Ordering::Relaxed);
        let in_cluster = self.in_cluster.load(Ordering::Relaxed);
        in_cluster.saturating_add(unsent).saturating_add(1)
    }

    /// Takes what the next heartbeat is to add.
    pub(crate) fn take(&self) -> u32 {
        self.unsent.swap(0, Ordering::Relaxed)
    }

    /// Puts back what may not have reached Redis.
    pub(crate) fn put_back(&self, count: u32) {
        self.unsent.fetch_add(count, Ordering::Relaxed);
    }

    /// Sets the cluster's number.
    pub(crate) fn learn(&self, in_cluster: u32) {
        self.in_cluster.store(in_cluster, Ordering::Relaxed);
    }
}

impl Parties {
    /// The codes of no party that were named.
    pub(crate) fn misses(&self) -> &Misses {
        &self.shared.misses
    }

    /// Whether somebody may name a code now. Those who share an address with somebody who tries codes may go on in the party
    /// they are in.
    ///
    /// # Errors
    /// [`PartyError::TooManyMisses`].
    pub async fn may_name(
        &self,
        limit: &dyn MissLimit,
        person: Option<PersonId>,
        code: PartyCode,
    ) -> Result<(), PartyError> {
        let Err(seconds) = limit.may_name() else {
            return Ok(());
        };
        let own = match person {
            Some(person) => self.of(person).await.ok().flatten(),
            None => None,
        };
        match own {
            Some(own) if own.party_code == code => Ok(()),
            _ => Err(PartyError::TooManyMisses(seconds)),
        }
    }

    /// Counts a code that was named although no party has it.
    pub fn missed(&self, limit: &dyn MissLimit) {
        limit.missed(self.misses().count());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misses_are_those_of_the_cluster_and_what_came_since() {
        let misses = Misses::default();
        assert_eq!((misses.count(), misses.count()), (1, 2));

        let lost = misses.take();
        misses.put_back(lost);
        assert_eq!(misses.count(), 3);
        assert_eq!(misses.take(), 3);
        misses.learn(50);

        assert_eq!(misses.count(), 51);
    }
}
