//! The draw in the REST API, in frames, and what its page is rendered from.

use crate::live::{NoKey, Topic};
use crate::{PageState, Problem};
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

/// The answer to `GET /api/players/{id}` and to calls of `/api/draw/player`.
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
    /// Whether they are above the round's secret minimum: told of one's own number, and of no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub could_be_drawn: Option<bool>,
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
    /// Milliseconds since Redis was last in reach and took writes; 0 while it is and does.
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

/// What is new of the draw, for all pages that show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawNews {
    /// The running round.
    pub report: DrawReport,
    /// The time until the next round, in milliseconds; 0 if it is overdue, `None` while it is being made.
    ///
    /// Relative, so that a page counts down without comparing clocks.
    pub next_in_ms: Option<u64>,
    /// The time of the last query by anyone (RFC 3339, UTC); `None` before the first.
    pub asked_at: Option<String>,
    /// Up to two players that this instance shows to everyone when a round starts: picked once per round like the answer to
    /// a query, but without one.
    pub opening: Vec<Player>,
}

/// The draw.
pub struct DrawTopic;

impl Topic for DrawTopic {
    const NAME: &'static str = "draw";
    type Key = NoKey;
    type State = DrawNews;
}

/// What `/draw` is rendered from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DrawState {
    /// What every page shows.
    pub page: PageState,
    /// The draw.
    pub news: DrawNews,
    /// The round of the players shown.
    pub round: u64,
    /// The answer to the visitor's query; without one, the page shows the round's opening.
    pub two: Option<MaxTwo>,
    /// The player that was looked up.
    pub lookup: Option<PlayerLookup>,
    /// The player whose number the visitor has, or why they got none.
    pub own: Option<PlayerLookup>,
}

/// A player who was looked up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlayerLookup {
    /// What was typed, cut to the length of the field.
    pub typed: String,
    /// The player.
    pub found: Option<PlayerPoints>,
    /// Why there is none.
    pub problem: Option<Problem>,
}
