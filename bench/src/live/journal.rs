//! What a session records on request: when frames arrived and when clicks were sent.

use super::dialect::REGIONS;
use std::collections::VecDeque;
use std::time::Instant;

/// An acknowledged click.
#[derive(Clone, Copy, Debug)]
pub struct Click {
    /// When it was sent.
    pub sent: Instant,
    /// When its acknowledgement arrived.
    pub acknowledged: Instant,
    /// The first revision of the world that includes it.
    pub rev: u64,
}

/// A world frame.
#[derive(Clone, Copy, Debug)]
struct Frame {
    rev: u64,
    /// The clicks of each of [`REGIONS`], as of this frame.
    clicks: [i64; REGIONS.len()],
    arrived: Instant,
}

/// What a session recorded.
#[derive(Debug, Default)]
pub struct Journal {
    is_started: bool,
    /// The world frames that have arrived.
    frames: Vec<Frame>,
    /// The acknowledged clicks.
    pub clicks: Vec<Click>,
    /// The newest world frame.
    pub newest: String,
    /// The clicks that are not acknowledged yet.
    pending: VecDeque<(u64, Instant)>,
}

impl Journal {
    /// Records a world frame.
    pub fn record_frame(&mut self, rev: u64, clicks: [i64; REGIONS.len()], text: &str) {
        if self.is_started {
            self.frames.push(Frame {
                rev,
                clicks,
                arrived: Instant::now(),
            });
            text.clone_into(&mut self.newest);
        }
    }

    /// Records that a click is sent.
    pub fn record_click(&mut self, seq: u64) {
        if self.is_started {
            self.pending.push_back((seq, Instant::now()));
        }
    }

    /// Records that all clicks up to `seq` are acknowledged as of a revision.
    pub fn acknowledge(&mut self, up_to: u64, rev: u64) {
        let acknowledged = Instant::now();
        while let Some(&(seq, sent)) = self.pending.front()
            && seq <= up_to
        {
            self.clicks.push(Click {
                sent,
                acknowledged,
                rev,
            });
            self.pending.pop_front();
        }
    }

    /// When the first frame arrived that includes a revision.
    pub fn arrival(&self, rev: u64) -> Option<Instant> {
        let index = self.frames.partition_point(|frame| frame.rev < rev);
        self.frames.get(index).map(|frame| frame.arrived)
    }

    /// When the first frame arrived that shows so many clicks of a region, where all clicks are +1.
    pub fn shown(&self, region: usize, clicks: i64) -> Option<Instant> {
        let is_before = |frame: &Frame| frame.clicks[region] < clicks;
        let index = self.frames.partition_point(is_before);
        self.frames.get(index).map(|frame| frame.arrived)
    }

    /// Records no more.
    pub fn stop(&mut self) {
        self.is_started = false;
    }

    /// Records from now on, and forgets everything but the pending clicks.
    pub fn start(&mut self) {
        self.is_started = true;
        self.frames.clear();
        self.clicks.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_arrives_with_the_first_frame_that_includes_it() {
        let mut journal = Journal::default();
        journal.start();
        for seq in 1..=3 {
            journal.record_click(seq);
        }

        journal.record_frame(4, [3, 1], "a");
        journal.record_frame(9, [3, 6], "b");
        journal.acknowledge(2, 5);

        assert_eq!(journal.clicks.len(), 2);
        assert_eq!(
            journal.arrival(journal.clicks[0].rev),
            Some(journal.frames[1].arrived)
        );
        assert_eq!(journal.arrival(4), Some(journal.frames[0].arrived));
        assert_eq!(journal.arrival(10), None);
        assert_eq!(journal.shown(1, 2), Some(journal.frames[1].arrived));
        assert_eq!(journal.shown(0, 3), Some(journal.frames[0].arrived));
        assert_eq!(journal.shown(0, 4), None);
        assert_eq!(journal.newest, "b");
    }
}
