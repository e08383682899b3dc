//! How the draw goes.

use std::time::Duration;

/// How many play, and how often.
///
/// Players and points hold from the next round that an instance with them makes, and so does a longer period; a shorter
/// one holds at once.
#[derive(Clone, Copy, Debug)]
pub struct DrawLimits {
    /// Players; their ids are 1 to this.
    pub players: u32,
    /// The most points that a round can give, and that its hidden minimum can be.
    pub points_max: u8,
    /// The time from the start of one round's work to that of the next.
    pub every: Duration,
    /// The least time from the end of one round's work to the start of the next.
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
