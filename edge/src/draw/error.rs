//! What can go wrong.

/// Why the draw has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DrawError {
    /// This instance has not loaded a round yet: ask again in a moment.
    #[error("no round is known yet")]
    NotReady,
    /// The running round has no player of that id: theirs are 1 to so many.
    #[error("players' ids are 1 to {0}")]
    UnknownPlayer(u32),
}
