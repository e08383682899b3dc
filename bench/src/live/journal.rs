//! What a session remembers, where it is asked to: when frames came, and when clicks were sent.

use std::collections::VecDeque;
use std::time::Instant;

/// A click and the revision that counts it.
#[derive(Clone, Copy, Debug)]
pub struct Click {
    /// When it was sent.
    pub sent: Instant,
    /// From which revision on the world includes it.
    pub rev: u64,
}

/// What a session remembers.
#[derive(Debug, Default)]
pub struct Journal {
    /// The revision and arrival of each world frame.
    pub frames: Vec<(u64, Instant)>,
    /// The acknowledged clicks.
    pub clicks: Vec<Click>,
    /// The newest world frame's text.
    pub newest: Vec<u8>,
    unsettled: VecDeque<(u64, Instant)>,
}

impl Journal {
    /// A world frame came.
    pub fn hear(&mut self, rev: u64, payload: &[u8]) {
        self.frames.push((rev, Instant::now()));
        self.newest.clear();
        self.newest.extend_from_slice(payload);
    }

    /// A click goes out.
    pub fn send(&mut self, seq: u64) {
        self.unsettled.push_back((seq, Instant::now()));
    }

    /// All clicks up to one are counted from a revision on.
    pub fn settle(&mut self, up_to: u64, rev: u64) {
        while let Some(&(seq, sent)) = self.unsettled.front()
            && seq <= up_to
        {
            self.clicks.push(Click { sent, rev });
            self.unsettled.pop_front();
        }
    }

    /// When the first frame came that includes a revision.
    pub fn arrival(&self, rev: u64) -> Option<Instant> {
        let index = self.frames.partition_point(|&(seen, _)| seen < rev);
        self.frames.get(index).map(|&(_, at)| at)
    }

    /// Forgets everything but the clicks that are on their way.
    pub fn clear(&mut self) {
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
        for seq in 1..=3 {
            journal.send(seq);
        }

        journal.hear(4, b"a");
        journal.hear(9, b"b");
        journal.settle(2, 5);

        assert_eq!(journal.clicks.len(), 2);
        assert_eq!(
            journal.arrival(journal.clicks[0].rev),
            Some(journal.frames[1].1)
        );
        assert_eq!(journal.arrival(4), Some(journal.frames[0].1));
        assert_eq!(journal.arrival(10), None);
        assert_eq!(journal.newest, b"b");
    }
}
