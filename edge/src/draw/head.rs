//! The draw's settings, and a round without its points.

use std::time::Duration;

/// Players per chunk, one string in Redis: few enough that a write blocks Redis for less than a millisecond, many enough
/// that a hundred million players need only some hundred chunks, and with Redis's overhead just below its allocator's size
/// class of 256 KiB.
pub(super) const CHUNK_PLAYERS: usize = 250_000;

/// How many players there are, and how often points are drawn.
///
/// Players, points and a longer period apply from the next round that an instance with these settings makes; a shorter
/// period applies at once.
#[derive(Clone, Copy, Debug)]
pub struct DrawLimits {
    /// The number of players; ids range from 1 to this.
    pub players: u32,
    /// The maximum of a player's points and of the secret minimum.
    pub points_max: u8,
    /// The time from the start of making one round to the start of making the next.
    pub every: Duration,
    /// The least time from the end of making one round to the start of making the next.
    pub rest: Duration,
}

impl Default for DrawLimits {
    fn default() -> Self {
        Self {
            players: 1_000_000,
            points_max: 100,
            every: Duration::from_secs(60),
            rest: Duration::from_secs(10),
        }
    }
}

/// Identifies a round: two with the same number differ in their fences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RoundId {
    pub(super) number: u64,
    pub(super) fence: String,
}

impl RoundId {
    /// The fence's number.
    fn fence_number(&self) -> u64 {
        let number = self.fence.split_once(':').map_or("", |(number, _)| number);
        number.parse().unwrap_or(0)
    }
}

/// The highest numbers that an instance has seen; Redis may have lost them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct HighestSeen {
    /// Of rounds that ran.
    pub(super) number: Option<u64>,
    /// Of fences.
    pub(super) fence: u64,
    /// Of the count of players' numbers that this instance and others gave away.
    pub(super) given: u64,
}

impl HighestSeen {
    /// Records a round that is being made.
    pub(super) fn note_try(&mut self, id: &RoundId) {
        self.fence = self.fence.max(id.fence_number());
    }

    /// Records a round that runs.
    pub(super) fn note(&mut self, id: &RoundId) {
        self.note_try(id);
        self.number = self.number.max(Some(id.number));
    }

    /// Records how many players' numbers were given away.
    pub(super) fn note_given(&mut self, given: u64) {
        self.given = self.given.max(given);
    }
}

/// A round without its points.
#[derive(Clone)]
pub(super) struct RoundHead {
    pub(super) id: RoundId,
    /// When it replaced the one before, in milliseconds since 1970 by Redis's clock.
    pub(super) started_ms: u64,
    /// When the next is due, likewise.
    pub(super) next_ms: u64,
    pub(super) players: u32,
    pub(super) points_max: u8,
    /// Secret: must not appear in any page, frame, log line, list or metric.
    pub(super) minimum: u8,
}

impl RoundHead {
    /// How many chunks it has.
    pub(super) fn chunks(&self) -> usize {
        (self.players as usize).div_ceil(CHUNK_PLAYERS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_known_is_not_forgotten() {
        let id = |number, fence: &str| RoundId {
            number,
            fence: fence.into(),
        };

        let mut known = HighestSeen::default();
        known.note_try(&id(1, "2:ord-1"));
        assert_eq!((known.number, known.fence), (None, 2));

        known.note(&id(4, "9:fra-1"));
        known.note(&id(2, "11:ord-1"));
        known.note(&id(3, "odd"));

        assert_eq!((known.number, known.fence), (Some(4), 11));
    }
}
