//! The draw as pages show it.

use super::{DrawReport, MaxTwo, Player, PlayerPoints};
use crate::live::{NoKey, Topic};
use crate::{PageState, Problem};
use serde::{Deserialize, Serialize};

/// What is new of the draw, for all pages that show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawNews {
    /// The running round.
    pub report: DrawReport,
    /// In how many milliseconds from now the next round is due; 0 once it is overdue, nothing while it is made.
    ///
    /// So a page counts down without comparing its clock with any other.
    pub next_in_ms: Option<u64>,
    /// When the draw was last asked, by whomever (RFC 3339, UTC); nothing before the first time.
    pub asked_at: Option<String>,
    /// The at most two players that this instance shows to all with a round's beginning: picked once a round, as for
    /// a query, but nobody asked.
    pub opening: Vec<Player>,
}

/// The draw.
pub struct DrawTopic;

impl Topic for DrawTopic {
    const NAME: &'static str = "draw";
    type Key = NoKey;
    type State = DrawNews;
}

/// All that `/draw` is rendered from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DrawState {
    /// What every page shows.
    pub page: PageState,
    /// The draw.
    pub news: DrawNews,
    /// The round of those who are shown.
    pub round: u64,
    /// What was asked for this page; nothing where nobody asked, and the round's opening is shown.
    pub two: Option<MaxTwo>,
    /// The player that was looked up.
    pub lookup: Option<PlayerLookup>,
}

/// A player who was looked up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlayerLookup {
    /// What was typed, cut to what a field takes.
    pub typed: String,
    /// The player.
    pub found: Option<PlayerPoints>,
    /// Why there is none.
    pub problem: Option<Problem>,
}
