//! This page's own clicks, from the press of a button until the world includes them.

use super::mirror::Position;
use protocol::live::{ClientFrame, UNACKNOWLEDGED_MAX};
use protocol::{RegionCode, Step};
use std::collections::VecDeque;

/// The clicks that the shown world does not include yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Clicks {
    /// The number of the newest click; the first has 1.
    newest: u64,
    /// Not acknowledged yet, oldest first.
    waiting: VecDeque<Waiting>,
    /// Acknowledged, but of a revision that the shown world has not reached.
    settled: Vec<Settled>,
}

#[derive(Clone, Debug, PartialEq)]
struct Waiting {
    seq: u64,
    by: Step,
    made_ms: u64,
    /// When it was last sent; nothing while it never was.
    sent_ms: Option<u64>,
}

#[derive(Clone, Debug, PartialEq)]
struct Settled {
    at: Position,
    region: RegionCode,
    by: i64,
}

impl Clicks {
    /// Adds a click and numbers it; nothing if too many wait already.
    pub(crate) fn add(&mut self, by: Step, now_ms: u64) -> Option<u64> {
        if self.waiting.len() >= UNACKNOWLEDGED_MAX {
            return None;
        }
        self.newest += 1;
        self.waiting.push_back(Waiting {
            seq: self.newest,
            by,
            made_ms: now_ms,
            sent_ms: None,
        });
        Some(self.newest)
    }

    /// The frames of all waiting clicks from number `from` on, noted as sent now.
    pub(crate) fn send(&mut self, from: u64, now_ms: u64) -> Vec<ClientFrame> {
        let due = self.waiting.iter_mut().filter(|click| click.seq >= from);
        due.map(|click| {
            click.sent_ms = Some(now_ms);
            ClientFrame::Click {
                seq: click.seq,
                by: click.by,
            }
        })
        .collect()
    }

    /// Every click up to `seq` was counted at `at`; tells when the newest of them was sent.
    pub(crate) fn settle(&mut self, seq: u64, at: Position, region: &RegionCode) -> Option<u64> {
        let count = self.waiting.partition_point(|click| click.seq <= seq);
        let mut by = 0;
        let mut sent_ms = None;
        for click in self.waiting.drain(..count) {
            by += i64::from(click.by);
            sent_ms = click.sent_ms;
        }
        self.settled.push(Settled {
            at,
            region: region.clone(),
            by,
        });
        sent_ms
    }

    /// A click and all after it will never be counted: the next one has its number. Tells how many waited.
    pub(crate) fn refuse(&mut self, seq: u64) -> usize {
        let kept = self.waiting.partition_point(|click| click.seq < seq);
        let refused = self.waiting.len() - kept;
        if refused > 0 {
            self.waiting.truncate(kept);
            self.newest = seq - 1;
        }
        refused
    }

    /// Forgets the settled clicks that a world at `reached` includes.
    pub(crate) fn forget(&mut self, reached: Position) {
        self.settled.retain(|settled| settled.at > reached);
    }

    /// What to add to a region's clicks in the world; waiting clicks count for `here`.
    pub(crate) fn beyond(&self, region: &RegionCode, here: &RegionCode) -> i64 {
        let settled = self
            .settled
            .iter()
            .filter(|settled| settled.region == *region);
        let settled: i64 = settled.map(|settled| settled.by).sum();
        settled
            + if region == here {
                self.waiting_sum()
            } else {
                0
            }
    }

    /// What to add to the clicks of all regions.
    pub(crate) fn beyond_all(&self) -> i64 {
        self.settled.iter().map(|settled| settled.by).sum::<i64>() + self.waiting_sum()
    }

    /// How many clicks wait for their acknowledgement.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// The number of the oldest waiting click.
    pub(crate) fn oldest(&self) -> Option<u64> {
        self.waiting.front().map(|click| click.seq)
    }

    /// When the oldest waiting click was last sent.
    pub(crate) fn oldest_sent_ms(&self) -> Option<u64> {
        self.waiting.front().and_then(|click| click.sent_ms)
    }

    /// When the oldest waiting click was made.
    pub(crate) fn oldest_made_ms(&self) -> Option<u64> {
        self.waiting.front().map(|click| click.made_ms)
    }

    /// The newest waiting click that was sent: the server may have counted it.
    pub(crate) fn newest_sent(&self) -> Option<u64> {
        self.waiting
            .iter()
            .rev()
            .find(|click| click.sent_ms.is_some())
            .map(|click| click.seq)
    }

    fn waiting_sum(&self) -> i64 {
        self.waiting.iter().map(|click| i64::from(click.by)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::samples::code;

    const AT: Position = Position { epoch: 1, rev: 7 };

    fn three() -> Clicks {
        let mut clicks = Clicks::default();
        for by in [Step::Up, Step::Down, Step::Up] {
            clicks.add(by, 0);
        }
        clicks
    }

    #[test]
    fn an_acknowledgement_settles_every_click_up_to_its_number() {
        let mut clicks = three();
        clicks.send(1, 40);

        let sent_ms = clicks.settle(2, AT, &code("fra"));

        assert_eq!(sent_ms, Some(40));
        assert_eq!(clicks.waiting(), 1);
        assert_eq!(clicks.oldest(), Some(3));
        assert_eq!(clicks.beyond_all(), 1);
    }

    #[test]
    fn settled_clicks_count_until_the_world_includes_them() {
        let mut clicks = three();
        clicks.settle(3, AT, &code("fra"));

        clicks.forget(Position { epoch: 1, rev: 6 });
        assert_eq!(clicks.beyond_all(), 1);

        clicks.forget(AT);
        assert_eq!(clicks.beyond_all(), 0);
    }

    #[test]
    fn settled_clicks_stay_with_the_region_that_counted_them() {
        let mut clicks = three();
        clicks.settle(1, AT, &code("fra"));

        assert_eq!(clicks.beyond(&code("fra"), &code("ord")), 1);
        assert_eq!(clicks.beyond(&code("ord"), &code("ord")), 0);
        assert_eq!(clicks.beyond(&code("syd"), &code("ord")), 0);
    }

    #[test]
    fn clicks_are_sent_again_in_order_under_the_same_numbers() {
        let mut clicks = three();
        clicks.settle(1, AT, &code("fra"));

        let again = clicks.send(0, 9);

        let expected =
            [(2, Step::Down), (3, Step::Up)].map(|(seq, by)| ClientFrame::Click { seq, by });
        assert_eq!(again, expected);
        assert_eq!(clicks.newest_sent(), Some(3));
    }

    #[test]
    fn a_refused_click_and_those_after_it_no_longer_count() {
        let mut clicks = three();

        assert_eq!(clicks.refuse(2), 2);
        assert_eq!(clicks.refuse(2), 0);

        assert_eq!(clicks.beyond_all(), 1);
        assert_eq!(clicks.add(Step::Up, 0), Some(2));
    }

    #[test]
    fn too_many_waiting_clicks_are_not_taken() {
        let mut clicks = Clicks::default();
        let taken = (0..UNACKNOWLEDGED_MAX + 5)
            .filter_map(|_| clicks.add(Step::Up, 0))
            .count();

        assert_eq!(taken, UNACKNOWLEDGED_MAX);
        assert_eq!(clicks.waiting(), UNACKNOWLEDGED_MAX);
    }
}
