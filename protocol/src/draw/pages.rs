//! What the draw's page is rendered from.

use super::{DrawReport, MaxTwo, Player, PlayerPoints};
use crate::live::{NoKey, Topic};
use crate::{PageState, Problem};
use serde::{Deserialize, Serialize};

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
