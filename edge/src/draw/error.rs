//! Errors of the draw.

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
