//! How soon an instance's clicks are in other regions, by what these confirm.

use protocol::RegionCode;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::{Duration, Instant};

/// How many batches of clicks others are to confirm at most in [`PROBES_WITHIN`]: each costs Redis a message from every region,
/// however many visitors click. So many as a visitor who is alone makes.
const PROBES: usize = 16;
const PROBES_WITHIN: Duration = Duration::from_secs(4);

/// What an instance tells one of another region, whose clicks it has.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Confirmation {
    /// The region that has the clicks.
    pub(crate) region: RegionCode,
    /// The number of the batch.
    pub(crate) batch: u64,
    /// The epoch of what it has.
    pub(crate) epoch: u64,
    /// The revision that it has.
    pub(crate) rev: u64,
}

/// Which batches are to be confirmed, and what was.
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    /// Batches by number, with the time when they were sent, oldest first.
    probes: VecDeque<(u64, Instant)>,
    /// The epoch of the arrivals.
    epoch: u64,
    /// The revision that each region has confirmed, and in how many milliseconds.
    known: BTreeMap<RegionCode, (u64, u64)>,
    /// The regions that have confirmed another one.
    new: BTreeSet<RegionCode>,
}

impl Arrivals {
    /// Whether others are to confirm a batch that is sent now.
    pub(super) fn probe(&mut self, batch: u64, now: Instant) -> bool {
        if self.probes.len() == PROBES {
            let oldest = self.probes.front();
            if oldest.is_some_and(|(_, sent)| now.duration_since(*sent) < PROBES_WITHIN) {
                return false;
            }
            self.probes.pop_front();
        }
        self.probes.push_back((batch, now));
        true
    }

    /// Takes a confirmation in. False if it tells nothing new: where two instances speak for a region, the first counts.
    pub(super) fn hear(&mut self, confirmation: Confirmation, now: Instant) -> bool {
        let Confirmation {
            region,
            batch,
            epoch,
            rev,
        } = confirmation;
        let mut probes = self.probes.iter();
        let Some((_, sent)) = probes.find(|(sent, _)| *sent == batch) else {
            return false;
        };
        let took = now.duration_since(*sent);
        if epoch > self.epoch {
            self.known.clear();
            self.epoch = epoch;
        }
        let known = self.known.get(&region);
        if epoch < self.epoch || known.is_some_and(|(known, _)| *known >= rev) {
            return false;
        }
        let ms = u64::try_from(took.as_micros().div_ceil(1_000)).unwrap_or(u64::MAX);
        self.new.insert(region.clone());
        self.known.insert(region, (rev, ms));
        true
    }

    /// What a region has confirmed of an epoch: a revision, and in how many milliseconds.
    pub(super) fn of(&self, epoch: u64, region: &RegionCode) -> Option<(u64, u64)> {
        let known = self.known.get(region).filter(|_| epoch == self.epoch);
        known.copied()
    }

    /// The regions that have confirmed another revision since the last call.
    pub(super) fn take_new(&mut self) -> BTreeSet<RegionCode> {
        std::mem::take(&mut self.new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn confirmation(region: &str, batch: u64, (epoch, rev): (u64, u64)) -> Confirmation {
        Confirmation {
            region: RegionCode::parse(region).unwrap(),
            batch,
            epoch,
            rev,
        }
    }

    fn of(arrivals: &Arrivals, epoch: u64, region: &str) -> Option<(u64, u64)> {
        arrivals.of(epoch, &RegionCode::parse(region).unwrap())
    }

    #[test]
    fn a_figure_is_the_time_from_sending_to_the_first_confirmation() {
        let start = Instant::now();
        let at = |ms: u64| start + Duration::from_micros(ms * 1_000 - 300);
        let mut arrivals = Arrivals::default();
        assert!(arrivals.probe(7, start));

        assert!(arrivals.hear(confirmation("syd", 7, (1, 40)), at(84)));
        assert!(arrivals.hear(confirmation("fra", 7, (1, 40)), at(12)));
        assert!(
            !arrivals.hear(confirmation("fra", 7, (1, 40)), at(13)),
            "another spoke"
        );
        assert!(
            !arrivals.hear(confirmation("fra", 8, (1, 41)), at(14)),
            "nobody asked"
        );

        assert_eq!(of(&arrivals, 1, "fra"), Some((40, 12)));
        assert_eq!(of(&arrivals, 1, "syd"), Some((40, 84)));
        assert_eq!(arrivals.take_new().len(), 2);
        assert!(arrivals.take_new().is_empty());
    }

    #[test]
    fn a_busy_instance_asks_a_few_times_a_second_and_a_quick_hand_is_always_heard() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut arrivals = Arrivals::default();
        assert!((0..8).all(|click| arrivals.probe(click, at(click * 50))));

        let asked = (400..10_000).filter(|ms| arrivals.probe(*ms, at(*ms)));
        assert!(asked.count() <= 40);

        assert!(
            !arrivals.hear(confirmation("fra", 0, (1, 1)), at(10_000)),
            "too old"
        );
        assert!(arrivals.probe(20_000, at(20_000)));
        assert!(arrivals.hear(confirmation("fra", 20_000, (1, 9)), at(20_250)));
        assert_eq!(of(&arrivals, 1, "fra"), Some((9, 250)));
    }

    #[test]
    fn another_epoch_begins_anew() {
        let start = Instant::now();
        let mut arrivals = Arrivals::default();
        arrivals.probe(1, start);
        assert!(arrivals.hear(confirmation("fra", 1, (1, 90)), start));
        assert!(arrivals.hear(confirmation("syd", 1, (1, 90)), start));

        assert!(arrivals.hear(confirmation("fra", 1, (2, 3)), start));
        assert!(!arrivals.hear(confirmation("syd", 1, (1, 91)), start));

        assert_eq!(of(&arrivals, 1, "syd"), None);
        assert_eq!(of(&arrivals, 2, "fra"), Some((3, 0)));
    }
}
