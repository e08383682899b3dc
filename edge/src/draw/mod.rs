//! The draw: every player's points, made anew each round.

mod error;
pub use error::DrawError;

mod limits;
pub use limits::DrawLimits;

mod handle;
pub use handle::{Asked, Draw};
