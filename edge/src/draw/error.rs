//! Errors of the draw.

use crate::redis::LinkError;

/// Why a query of the draw failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DrawError {
    /// This instance has not loaded a round yet: retry in a moment.
    #[error("no round is loaded yet")]
    NotReady,
    /// The running round has no such player; ids range from 1 to this number.
    #[error("player ids range from 1 to {0}")]
    UnknownPlayer(u32),
}

/// Why no number of a player was given.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GiveError {
    /// This instance knows no round.
    #[error(transparent)]
    Draw(#[from] DrawError),
    /// Redis did not answer, so a number may have been given that nobody has.
    #[error(transparent)]
    Link(#[from] LinkError),
}

/// Why a round was not made or loaded.
#[derive(Debug, thiserror::Error)]
pub(super) enum TaskError {
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error("some of its chunks are gone")]
    Gone,
    #[error(transparent)]
    Round(#[from] RoundError),
    #[error("the operating system provides no random numbers: {0}")]
    System(#[from] rand::rngs::SysError),
    #[error("invalid range of points: {0}")]
    Range(#[from] rand::distr::uniform::Error),
    #[error("the task that handles its points ended")]
    Ended(#[from] tokio::task::JoinError),
}

/// Why points do not fit a round.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum RoundError {
    /// There are too many or too few.
    #[error("expected the points of {1} players, found {0}")]
    Players(u64, u32),
    /// A player has more than the maximum.
    #[error("a player has more points than the maximum")]
    Points,
}
