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
//! from its last read.
//!
//! [`Round`](round::Round) and [`Dice`](dice::Dice) are pure; [`DrawStore`](store::DrawStore) calls the scripts, whose keys
//! `prelude.lua` names; [`MakerTask`] makes rounds, [`FollowTask`] loads them, [`AskTask`] records queries, and
//! [`PublishTask`] makes frames; [`Draw`] is the handle for everything else.

mod error;
pub use error::DrawError;

mod limits;
pub use limits::DrawLimits;

mod dice;

#[cfg(test)]
mod chance;

mod head;

mod round;

mod store;

mod clock;

mod handle;
pub use handle::{Draw, DrawAnswer};

mod maker;
use maker::MakerTask;

mod tasks;
use tasks::{AskTask, FollowTask};

mod source;
pub(crate) use source::DrawSource;

#[cfg(test)]
mod tests;

use crate::config::Limits;
use crate::presence::Heartbeats;
use crate::redis::LinkError;
use crate::tasks::Tasks;

/// Starts to make rounds when it is this instance's turn, to tell when somebody asked, and to follow the running round.
pub(crate) fn start(tasks: &Tasks, draw: &Draw, instance: &str, limits: &Limits) {
    let heartbeats = Heartbeats::of(limits);
    let maker = MakerTask::new(draw.clone(), instance.to_owned(), heartbeats, limits.draw);
    tasks.feed(|stop| maker.run(stop));
    let asked = AskTask { draw: draw.clone() };
    tasks.feed(|stop| asked.run(stop));
    let follow = FollowTask::new(draw.clone(), limits.beat_every);
    tasks.follow(|stop| follow.run(stop));
}

/// Gives the lease back, once the tasks that feed Redis have ended.
///
/// # Errors
/// [`LinkError`]: the lease lapses then.
pub(crate) async fn leave(draw: &Draw, instance: &str) -> Result<(), LinkError> {
    MakerTask::leave(draw, instance).await
}
