//! The draw as it is told of over REST.

use serde::{Deserialize, Serialize};

/// A player who is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Player {
    /// Who: 1 to the number of players.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub id: u32,
    /// The points of the round.
    pub points: u8,
}

/// The answer to `GET /api/max-two`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MaxTwo {
    /// At most two players whose points are above the round's hidden minimum, picked at random among all such
    /// players for this answer.
    #[cfg_attr(feature = "openapi", schema(max_items = 2))]
    pub users: Vec<Player>,
    /// When the query before this one was made, in any region, as far as this instance has heard:
    /// `YYYY-MM-DD HH:MM:SS`, UTC, by Redis's clock. Nothing before the first.
    pub timestamp: Option<String>,
}

/// The answer to `GET /api/players/{id}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlayerPoints {
    /// Who: 1 to the number of players.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub id: u32,
    /// Their points.
    pub points: u8,
    /// The round that gave them these.
    pub round: u64,
}

/// The answer to `GET /api/draw`: all that anybody may know of the running round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DrawReport {
    /// The running round's number; 0 is the one in which nobody has points yet.
    pub round: u64,
    /// Players of the running round: their ids are 1 to this.
    pub players: u32,
    /// When the running round took the place of the one before (RFC 3339, UTC), by Redis's clock.
    pub started_at: String,
    /// When the next one is due to be made; nothing while it is being made.
    pub next_at: Option<String>,
    /// How far the next round is, while it is being made.
    pub progress: Option<DrawProgress>,
    /// How many players have 0, 1, 2 … points, up to the most that a round can give.
    #[cfg_attr(feature = "openapi", schema(min_items = 2, max_items = 256))]
    pub histogram: Vec<u32>,
    /// Milliseconds since Redis was last heard of; 0 while it is in reach.
    pub age_ms: u64,
}

/// A round that is being made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DrawProgress {
    /// Its number.
    pub round: u64,
    /// How much of it is written, in percent.
    #[cfg_attr(feature = "openapi", schema(maximum = 100))]
    pub percent: u8,
}
