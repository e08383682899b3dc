//! A round as an instance holds it.

use super::DrawError;
use super::head::{CHUNK_PLAYERS, Head};
use protocol::{Player, PlayerPoints};
use rand::{Rng, RngExt};
use std::fmt;

/// Of fewer players above the minimum than one in so many, a list is kept: picking at random from all until one is above
/// would take longer. So a pick takes as many looks as this on average at most, and the lists a quarter of the points'
/// memory.
const FEW: u32 = 16;
/// The most players that are shown.
const SHOWN: usize = 2;

/// A whole round.
pub(super) struct Round {
    head: Head,
    points: Vec<Vec<u8>>,
    histogram: Vec<u32>,
    above: Above,
    opening: Vec<Player>,
}

/// The players above the minimum.
enum Above {
    /// So many that one is found soon.
    Many,
    /// These.
    Few(Vec<u32>),
}

/// Why points are no round's.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum RoundError {
    /// There are more or fewer than players.
    #[error("there are points of {0} players where there should be {1}")]
    Players(u64, u32),
    /// Somebody has more than there are.
    #[error("somebody has more points than a round gives")]
    Points,
}

impl Round {
    /// A round of these points, in chunks of [`CHUNK_PLAYERS`]. It looks at each: do not block the runtime with many.
    pub(super) fn new(
        head: Head,
        points: Vec<Vec<u8>>,
        random: &mut impl Rng,
    ) -> Result<Self, RoundError> {
        let counts = count(&points);
        let (histogram, beyond) = counts.split_at(usize::from(head.points_max) + 1);
        if beyond.iter().any(|players| *players > 0) {
            return Err(RoundError::Points);
        }
        let players: u64 = counts.iter().sum();
        let split_well = (points.iter().rev().skip(1)).all(|chunk| chunk.len() == CHUNK_PLAYERS);
        if players != u64::from(head.players) || !split_well {
            return Err(RoundError::Players(players, head.players));
        }
        let above: u64 = histogram.iter().skip(usize::from(head.minimum) + 1).sum();
        let mut round = Self {
            above: match above * u64::from(FEW) < players || above <= SHOWN as u64 {
                true => Above::Few(list(&points, head.minimum)),
                false => Above::Many,
            },
            // None is larger than the number of players.
            histogram: histogram
                .iter()
                .map(|players| u32::try_from(*players).unwrap_or(u32::MAX))
                .collect(),
            head,
            points,
            opening: Vec::new(),
        };
        round.opening = round.pick(random);
        Ok(round)
    }

    /// What Redis knows of it.
    pub(super) fn head(&self) -> &Head {
        &self.head
    }

    /// How many players have 0, 1, 2 … points.
    pub(super) fn histogram(&self) -> &[u32] {
        &self.histogram
    }

    /// The players that are shown with its beginning.
    pub(super) fn opening(&self) -> &[Player] {
        &self.opening
    }

    /// Picks at most two of all whose points are above the minimum, each pair with the same chance.
    pub(super) fn pick(&self, random: &mut impl Rng) -> Vec<Player> {
        let mut picked = Vec::with_capacity(SHOWN);
        match &self.above {
            Above::Few(few) if few.len() <= SHOWN => {
                picked.extend(few.iter().filter_map(|id| self.shown(*id)));
            }
            // There are more than are shown: each look may find another.
            _ => {
                while picked.len() < SHOWN {
                    let player = self.pick_one(random);
                    picked.extend(player.filter(|player| !picked.contains(player)));
                }
            }
        }
        picked
    }

    /// A player's points.
    pub(super) fn player(&self, id: u64) -> Result<PlayerPoints, DrawError> {
        let found = u32::try_from(id).ok().and_then(|id| self.shown(id));
        let Player { id, points } = found.ok_or(DrawError::UnknownPlayer(self.head.players))?;
        let round = self.head.id.number;
        Ok(PlayerPoints { id, points, round })
    }

    /// One look: a player above the minimum, or nothing.
    fn pick_one(&self, random: &mut impl Rng) -> Option<Player> {
        match &self.above {
            Above::Few(few) => self.shown(few[random.random_range(0..few.len())]),
            Above::Many => {
                let player = self.shown(random.random_range(1..=self.head.players))?;
                (player.points > self.head.minimum).then_some(player)
            }
        }
    }

    fn shown(&self, id: u32) -> Option<Player> {
        let at = id.checked_sub(1)? as usize;
        let chunk = self.points.get(at / CHUNK_PLAYERS)?;
        let points = *chunk.get(at % CHUNK_PLAYERS)?;
        Some(Player { id, points })
    }
}

/// Without the minimum, and all from which it follows.
impl fmt::Debug for Round {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Round");
        shown.field("id", &self.head.id).finish_non_exhaustive()
    }
}

/// How many players have 0, 1, 2 … points.
fn count(points: &[Vec<u8>]) -> [u64; 257] {
    let mut counts = [0; 257];
    for of_player in points.iter().flatten() {
        counts[usize::from(*of_player)] += 1;
    }
    counts
}

/// The players above the minimum.
fn list(points: &[Vec<u8>], minimum: u8) -> Vec<u32> {
    let ids = 1..;
    let all = points.iter().flatten();
    let above = ids.zip(all).filter(|(_, points)| **points > minimum);
    above.map(|(id, _)| id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::chance::assert_even;
    use crate::draw::head::RoundId;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    fn head(players: usize, minimum: u8) -> Head {
        let id = RoundId {
            number: 7,
            fence: "3:ord-1".into(),
        };
        Head {
            id,
            started_ms: 1,
            next_ms: 2,
            players: players as u32,
            points_max: 100,
            minimum,
        }
    }

    fn random() -> StdRng {
        StdRng::seed_from_u64(20_200_730)
    }

    /// A round of these points.
    fn round(points: &[u8], minimum: u8) -> Round {
        let chunks = points.chunks(CHUNK_PLAYERS).map(Into::into).collect();
        Round::new(head(points.len(), minimum), chunks, &mut random()).unwrap()
    }

    /// How often each player is shown, alone or with another, in so many picks.
    fn shown(round: &Round, players: usize, picks: usize) -> Vec<u64> {
        let mut random = random();
        let mut counts = vec![0; players];
        for _ in 0..picks {
            for player in round.pick(&mut random) {
                counts[player.id as usize - 1] += 1;
            }
        }
        counts
    }

    #[test]
    fn only_players_above_the_minimum_are_shown_and_two_at_most() {
        for (points, minimum, above) in [
            (&[5, 5, 5][..], 5, &[][..]),
            (&[100; 9], 100, &[]),
            (&[5, 6, 5], 5, &[2]),
            (&[0, 1], 0, &[2]),
            (&[6, 5, 6], 5, &[1, 3]),
            (&[6, 7, 8], 5, &[1, 2, 3]),
        ] {
            let round = round(points, minimum);

            for _ in 0..50 {
                let picked = round.pick(&mut random());
                assert_eq!(picked.len(), above.len().min(2), "{points:?}");
                assert!(picked.iter().all(|player| above.contains(&player.id)));
                assert!(
                    picked
                        .iter()
                        .all(|player| points[player.id as usize - 1] == player.points)
                );
                assert!(picked.len() < 2 || picked[0].id != picked[1].id);
            }
            assert_eq!(round.opening().len(), above.len().min(2));
        }
    }

    #[test]
    fn every_pair_is_as_likely() {
        // So many above that they are found by looking, and so few that they are listed.
        for others in [0, 400] {
            let mut points = vec![50; 6];
            points.extend(vec![10; others]);
            let round = round(&points, 20);
            assert_eq!(matches!(round.above, Above::Few(_)), others > 0);
            let mut random = random();
            let mut pairs = vec![0; 36];

            for _ in 0..30_000 {
                let picked = round.pick(&mut random);
                pairs[(picked[0].id as usize - 1) * 6 + picked[1].id as usize - 1] += 1;
            }

            let (same, different): (Vec<_>, Vec<_>) = (0..36)
                .map(|at| (at, pairs[at]))
                .partition(|(at, _)| at % 7 == 0);
            assert!(same.iter().all(|(_, count)| *count == 0));
            let different: Vec<u64> = different.into_iter().map(|(_, count)| count).collect();
            assert_even(&different);
        }
    }

    #[test]
    fn how_many_points_a_player_has_beyond_the_minimum_does_not_matter() {
        let points: Vec<u8> = (0..=100).collect();

        let counts = shown(&round(&points, 40), 101, 60_000);

        assert!(counts[..=40].iter().all(|count| *count == 0));
        assert_even(&counts[41..]);
    }

    #[test]
    fn players_beyond_the_first_chunk_are_told_and_shown() {
        let mut points = vec![0; CHUNK_PLAYERS * 2 + 3];
        points[CHUNK_PLAYERS] = 9;
        *points.last_mut().unwrap() = 8;
        let players = points.len() as u64;

        let round = round(&points, 7);

        let mut ids: Vec<u32> = round.opening().iter().map(|player| player.id).collect();
        ids.sort_unstable();
        assert_eq!(ids, [CHUNK_PLAYERS as u32 + 1, players as u32]);
        assert_eq!(round.player(players).unwrap().points, 8);
        assert_eq!(round.player(players).unwrap().round, 7);
        let unknown = Err(DrawError::UnknownPlayer(players as u32));
        for id in [0, players + 1, u64::from(u32::MAX) + 2, u64::MAX] {
            assert_eq!(round.player(id), unknown, "{id}");
        }
    }

    #[test]
    fn the_histogram_counts_every_player() {
        let round = round(&[0, 3, 100, 3, 3], 1);

        assert_eq!(round.histogram().len(), 101);
        assert_eq!(round.histogram()[3], 3);
        assert_eq!(round.histogram().iter().sum::<u32>(), 5);
    }

    #[test]
    fn points_that_are_no_rounds_are_refused() {
        let refused = |points: Vec<Vec<u8>>, players| {
            Round::new(head(players, 5), points, &mut random()).unwrap_err()
        };

        assert_eq!(refused(vec![vec![1; 3]], 4), RoundError::Players(3, 4));
        assert_eq!(refused(vec![vec![1; 3]; 2], 6), RoundError::Players(6, 6));
        assert_eq!(refused(vec![vec![1, 101]], 2), RoundError::Points);
    }

    #[test]
    fn a_picks_looks_are_few_however_few_qualify() {
        /// Counts how much randomness is asked for.
        struct Counting(StdRng, u32);
        impl rand::TryRng for Counting {
            type Error = std::convert::Infallible;
            fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
                self.1 += 1;
                self.0.try_next_u32()
            }
            fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
                self.1 += 1;
                self.0.try_next_u64()
            }
            fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
                self.1 += 1;
                self.0.try_fill_bytes(bytes)
            }
        }
        const PICKS: u32 = 200;
        for above in [0, 1, 2, 3, 100, 6_249, 6_251, 50_000, 100_000] {
            let mut points = vec![9; above];
            points.resize(100_000, 0);
            let round = round(&points, 5);
            let mut random = Counting(random(), 0);

            for _ in 0..PICKS {
                assert_eq!(round.pick(&mut random).len(), above.min(2));
            }

            // Two players, of whom each takes so many looks on average, and hardly ever one twice as many in all.
            assert!(random.1 <= PICKS * 4 * FEW, "{above}: {}", random.1);
        }
    }

    #[test]
    fn a_rounds_secret_is_not_shown() {
        let shown = format!("{:?}", round(&[1; 43], 42));

        assert_eq!(
            shown,
            r#"Round { id: RoundId { number: 7, fence: "3:ord-1" }, .. }"#
        );
    }
}
