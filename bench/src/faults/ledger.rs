//! What was acknowledged of clicks, and whether the world has it.

use super::promise::{Promise, Violation};
use protocol::Step;
use std::collections::{BTreeMap, BTreeSet};

/// The region of each instance: two of one, which have to add up.
pub const REGIONS: [&str; 3] = ["ord", "ord", "fra"];

/// The acknowledged clicks.
///
/// A click that was sent to one region only counts there. One that was sent again to another region, since its
/// acknowledgement was lost, counts in either.
#[derive(Debug, Default)]
pub struct Ledger {
    /// The sums of the clicks that can only count there.
    sure: BTreeMap<String, i64>,
    /// The clicks that may count in one region or another: those up, and those down.
    either: (i64, i64),
    /// How many were acknowledged.
    pub acknowledged: u64,
}

impl Ledger {
    /// A click was acknowledged that had been sent to these instances.
    pub fn acknowledge(&mut self, by: Step, instances: &BTreeSet<usize>) {
        self.acknowledged += 1;
        let by = i64::from(by);
        let regions: BTreeSet<_> = instances.iter().map(|&index| REGIONS[index]).collect();
        match (regions.first(), regions.len()) {
            (Some(&region), 1) => *self.sure.entry(region.to_owned()).or_default() += by,
            _ if by > 0 => self.either.0 += 1,
            _ => self.either.1 += 1,
        }
    }

    /// The world's clicks are those that were acknowledged, each in a region to which it was sent.
    pub fn check(&self, counted: &BTreeMap<String, i64>) -> Vec<Violation> {
        let (up, down) = self.either;
        let total = self.sure.values().sum::<i64>() + up - down;
        let shown: i64 = counted.values().sum();
        let mut violations = Vec::new();
        if shown != total {
            let how = format!("{shown} are counted where {total} were acknowledged");
            violations.push(Promise::ClickOnce.broken(how));
        }
        let regions: BTreeSet<_> = self.sure.keys().chain(counted.keys()).collect();
        for region in regions {
            let sum = |of: &BTreeMap<String, i64>| of.get(region).copied().unwrap_or(0);
            let (sure, shown) = (sum(&self.sure), sum(counted));
            if !(sure - down..=sure + up).contains(&shown) {
                let how = format!("{region} shows {shown}: {sure}, +{up} −{down} at most");
                violations.push(Promise::RegionsAddUp.broken(how));
            }
        }
        violations
    }

    /// Takes what is counted for right, so that what was lost once is not reported again.
    pub fn adopt(&mut self, counted: BTreeMap<String, i64>) {
        self.sure = counted;
        self.either = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(ord: i64, fra: i64) -> BTreeMap<String, i64> {
        [("ord", ord), ("fra", fra)]
            .map(|(region, clicks)| (region.to_owned(), clicks))
            .into()
    }

    /// Two clicks of `ord`, one of `fra`, and one up that may be of either.
    fn ledger() -> Ledger {
        let mut ledger = Ledger::default();
        for (by, instances) in [
            (Step::Up, &[0][..]),
            // Two instances of one region: sure all the same.
            (Step::Up, &[0, 1]),
            (Step::Down, &[2]),
            (Step::Up, &[1, 2]),
        ] {
            ledger.acknowledge(by, &instances.iter().copied().collect());
        }
        ledger
    }

    #[test]
    fn what_was_acknowledged_is_counted_once() {
        assert_eq!(ledger().check(&counted(2, 0)), []);
        assert_eq!(ledger().check(&counted(3, -1)), []);
    }

    #[test]
    fn a_click_that_is_lost_or_counted_twice_is_found() {
        for (ord, fra) in [(2, -1), (3, 0)] {
            let violations = ledger().check(&counted(ord, fra));
            assert_eq!(violations.len(), 1, "{violations:?}");
            assert_eq!(violations[0].promise, Promise::ClickOnce);
        }
    }

    #[test]
    fn a_region_that_lost_to_another_is_found() {
        let violations = ledger().check(&counted(1, 1));

        assert!(!violations.is_empty());
        assert!(
            violations
                .iter()
                .all(|one| one.promise == Promise::RegionsAddUp)
        );
    }

    #[test]
    fn what_was_lost_is_reported_once() {
        let mut ledger = ledger();
        ledger.adopt(counted(0, 0));

        assert_eq!(ledger.check(&counted(0, 0)), []);
        assert_eq!(ledger.acknowledged, 4);
    }
}
