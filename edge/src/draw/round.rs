//! A round in an instance's memory.

use super::error::{DrawError, RoundError};
use super::head::RoundHead;
use protocol::{Player, PlayerPoints};
use rand::{Rng, RngExt};
use std::fmt;

/// If fewer than one in this many players are above the minimum, they are kept in a list: drawing from all players until
/// one is above would take longer. So each pick takes at most about this many draws on average, and a list at most a
/// quarter of the points' memory.
pub(super) const FEW: u32 = 16;
/// The most players to show.
const SHOWN: usize = 2;

/// A complete round.
pub(super) struct Round {
    head: RoundHead,
    /// One byte per player.
    points: Vec<u8>,
    histogram: Vec<u32>,
    pub(super) above: Above,
    opening: Vec<Player>,
}

/// The players above the minimum.
pub(super) enum Above {
    /// Enough that random draws find one soon.
    Many,
    /// These.
    Few(Vec<u32>),
}

impl Round {
    /// Builds a round. It reads all points: for many, call it off the runtime's threads.
    pub(super) fn new(
        head: RoundHead,
        points: Vec<u8>,
        random: &mut impl Rng,
    ) -> Result<Self, RoundError> {
        let counts = count(&points);
        let (histogram, beyond) = counts.split_at(usize::from(head.points_max) + 1);
        if beyond.iter().any(|players| *players > 0) {
            return Err(RoundError::Points);
        }
        let players: u64 = counts.iter().sum();
        if players != u64::from(head.players) {
            return Err(RoundError::Players(players, head.players));
        }
        let above: u64 = histogram.iter().skip(usize::from(head.minimum) + 1).sum();
        let mut round = Self {
            above: match above * u64::from(FEW) < players || above <= SHOWN as u64 {
                true => Above::Few(list(&points, head.minimum, above)),
                false => Above::Many,
            },
            // None exceeds the number of players.
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

    /// The round without its points.
    pub(super) fn head(&self) -> &RoundHead {
        &self.head
    }

    /// How many players have 0, 1, 2 … points.
    pub(super) fn histogram(&self) -> &[u32] {
        &self.histogram
    }

    /// The players to show from its start.
    pub(super) fn opening(&self) -> &[Player] {
        &self.opening
    }

    /// Picks up to two players with points above the minimum, all pairs equally likely.
    pub(super) fn pick(&self, random: &mut impl Rng) -> Vec<Player> {
        let mut picked = Vec::with_capacity(SHOWN);
        match &self.above {
            Above::Few(few) if few.len() <= SHOWN => {
                picked.extend(few.iter().filter_map(|id| self.shown(*id)));
            }
            // There are more than two, so a second one will be found.
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
        Ok(PlayerPoints {
            id,
            points,
            round,
            could_be_drawn: None,
        })
    }

    /// A player's points, and whether a pick can show the player.
    pub(super) fn own_player(&self, id: u64) -> Result<PlayerPoints, DrawError> {
        let player = self.player(id)?;
        Ok(PlayerPoints {
            could_be_drawn: Some(player.points > self.head.minimum),
            ..player
        })
    }

    /// One draw: a player above the minimum, or none.
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
        let points = *self.points.get(id.checked_sub(1)? as usize)?;
        Some(Player { id, points })
    }
}

/// Omits the minimum, and everything from which it follows.
impl fmt::Debug for Round {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Round");
        shown.field("id", &self.head.id).finish_non_exhaustive()
    }
}

/// How many players have 0, 1, 2 … points.
fn count(points: &[u8]) -> [u64; 257] {
    let mut counts = [0; 257];
    for of_player in points {
        counts[usize::from(*of_player)] += 1;
    }
    counts
}

/// The players above the minimum; `above` is their number.
fn list(points: &[u8], minimum: u8, above: u64) -> Vec<u32> {
    // Allocated at once: growing would briefly hold millions of entries twice.
    let mut ids = Vec::with_capacity(usize::try_from(above).unwrap_or(0));
    let players = (1..).zip(points);
    ids.extend(players.filter_map(|(id, points)| (*points > minimum).then_some(id)));
    ids
}
