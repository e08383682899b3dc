//! What Redis knows of a round beside its points.

/// Players whose points are one string in Redis: small enough that no call to Redis holds up others for more than a
/// fraction of a millisecond, large enough that a hundred million players are a few hundred.
pub(super) const CHUNK_PLAYERS: usize = 1 << 18;
/// Which round: two of the same number differ in their fences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RoundId {
    pub(super) number: u64,
    pub(super) fence: String,
}

/// The largest numbers that an instance has seen, of a round and of a fence: also where Redis has lost them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) number: u64,
    pub(super) fence: u64,
}

impl Known {
    /// Now that this round was seen, too.
    pub(super) fn with(known: Option<Self>, seen: &RoundId) -> Self {
        let fence = seen.fence.split_once(':').map_or("", |(number, _)| number);
        let fence = fence.parse().unwrap_or(0);
        Self {
            number: known.map_or(0, |known| known.number).max(seen.number),
            fence: known.map_or(0, |known| known.fence).max(fence),
        }
    }
}

/// What Redis knows of a round beside its points.
#[derive(Clone)]
pub(super) struct Head {
    pub(super) id: RoundId,
    /// When it took the place of the one before, in milliseconds since 1970 by Redis's clock.
    pub(super) started_ms: u64,
    /// When the next is due, likewise.
    pub(super) next_ms: u64,
    pub(super) players: u32,
    pub(super) points_max: u8,
    /// The secret: in no page, frame, log line, list or figure.
    pub(super) minimum: u8,
}

impl Head {
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

        let known = Known::with(None, &id(4, "9:fra-1"));
        let later = Known::with(Some(known), &id(2, "11:ord-1"));

        assert_eq!((later.number, later.fence), (4, 11));
        assert_eq!(Known::with(Some(later), &id(5, "odd")).fence, 11);
    }
}
