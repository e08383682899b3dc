//! The draw in the REST API.

use serde::{Deserialize, Serialize};

/// A player who is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Player {
    /// The player's id: 1 to the number of players.
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
    /// The time of the previous query in any region, as far as this instance knows: `YYYY-MM-DD HH:MM:SS`, UTC, by Redis's
    /// clock. `null` for the first query.
    pub timestamp: Option<String>,
}

/// The answer to `GET /api/players/{id}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlayerPoints {
    /// The player's id: 1 to the number of players.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub id: u32,
    /// Their points.
    pub points: u8,
    /// The round of these points.
    pub round: u64,
}

/// The answer to `GET /api/draw`: everything public about the running round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DrawReport {
    /// The running round's number; in round 0 nobody has points yet.
    pub round: u64,
    /// The number of players in the running round; ids range from 1 to this.
    pub players: u32,
    /// When the running round started (RFC 3339, UTC), by Redis's clock.
    pub started_at: String,
    /// When the next one is due; `null` while it is being made.
    pub next_at: Option<String>,
    /// The progress of the next round, while it is being made.
    pub progress: Option<DrawProgress>,
    /// How many players have 0, 1, 2 … points, up to the maximum.
    #[cfg_attr(feature = "openapi", schema(min_items = 2, max_items = 256))]
    pub histogram: Vec<u32>,
    /// Milliseconds since the last contact with Redis; 0 while it is reachable.
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
