//! The draw's settings.

use std::time::Duration;

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
