//! The draw: every player's points, renewed each round, and the two players that are shown.
//!
//! A round is a number, a byte of points per player, and a secret minimum. Redis holds the running one: a small hash, and
//! the points in strings of [`CHUNK_PLAYERS`](head::CHUNK_PLAYERS) bytes. Every instance answers from a copy in memory: a
//! channel announces a new round, the instance loads its chunks over a separate connection, and replaces the old copy as a
//! whole.
//!
//! One instance at a time makes rounds. It holds a lease in Redis, which expires unless renewed. `lead.lua` decides by
//! Redis's clock whether a round is due, and gives each attempt a fence: a number larger than all before, with the
//! instance's name. Chunks are stored under names with number and fence, beside the running ones, and a newer fence stops
//! all writes under an older one; `switch.lua` replaces the running round, with a new minimum, if every chunk exists. So a
//! maker that was paused, or whose calls are late, writes nothing that anybody reads, and a round is complete or absent.
//!
//! Redis also keeps the time of the last query: the latest of all regions, by Redis's clock, which each instance knows
//! from its last read, and how many numbers of players were given to visitors.
//!
//! [`Round`](round::Round) and [`Dice`](dice::Dice) are pure; [`MakerTask`](maker::MakerTask) makes rounds, [`FollowTask`](tasks::FollowTask) loads them;
//! [`DrawSource`] makes frames; [`Draw`] is the handle for everything else. `prelude.lua` names the scripts' keys.

mod error;
pub use error::{DrawError, GiveError};

mod head;
pub use head::DrawLimits;

mod dice;

mod round;

mod keys;

mod metrics;
pub use metrics::DrawMetrics;

mod store;

mod handle;
pub use handle::{Draw, DrawAnswer};

mod numbers;

mod maker;

mod tasks;

mod source;
pub(crate) use source::DrawSource;

#[cfg(test)]
mod tests;
