//! Marks in the chart.

use protocol::Player;

/// A player's mark in the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pin {
    /// Who.
    pub player: Player,
    /// Why they are marked.
    pub kind: PinKind,
}

/// Why a player is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PinKind {
    /// The first drawn player.
    First,
    /// The second.
    Second,
    /// The player who was looked up.
    LookedUp,
}

impl PinKind {
    /// Its sign.
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::First => "1",
            Self::Second => "2",
            Self::LookedUp => "?",
        }
    }

    /// Its name, for styles and tests.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Second => "second",
            Self::LookedUp => "looked-up",
        }
    }
}
