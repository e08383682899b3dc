//! The handle through which everything reads the draw.

use super::{DrawError, DrawLimits};
use crate::redis::{Keys, Link};
use protocol::{DrawNews, DrawReport, MaxTwo, PlayerPoints};

/// This instance's copy of the running round. A cheap clone.
#[derive(Clone)]
pub struct Draw {
    _link: Link,
}

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The round that the players are of.
    pub round: u64,
    /// The answer.
    pub two: MaxTwo,
}

impl Draw {
    pub(crate) fn new(link: Link, _keys: &Keys, _limits: DrawLimits) -> Self {
        Self { _link: link }
    }

    /// Whether a round is known, so that everything here has an answer.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        todo!()
    }

    /// How long ago Redis was last heard of, in milliseconds; 0 while it is in reach.
    #[must_use]
    pub fn age_ms(&self) -> u64 {
        todo!()
    }

    /// Asks: picks at most two at random of the players whose points are above the minimum, and takes note of the
    /// time, for all regions.
    ///
    /// # Errors
    /// [`DrawError::NotReady`].
    pub fn ask(&self) -> Result<Asked, DrawError> {
        todo!()
    }

    /// A player's points.
    ///
    /// # Errors
    /// [`DrawError`].
    pub fn player(&self, _id: u64) -> Result<PlayerPoints, DrawError> {
        todo!()
    }

    /// The running round.
    ///
    /// # Errors
    /// [`DrawError::NotReady`].
    pub fn report(&self) -> Result<DrawReport, DrawError> {
        todo!()
    }

    /// The same with what pages show beside it.
    ///
    /// # Errors
    /// [`DrawError::NotReady`].
    pub fn news(&self) -> Result<DrawNews, DrawError> {
        todo!()
    }
}
