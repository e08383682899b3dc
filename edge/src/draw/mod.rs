//! The draw: all players' points, made anew each round, and the two that are shown.
//!
//! A round is a number, a byte of points for each player, and a minimum that nobody is told. Redis holds the running
//! one: what is small in a hash, the points in strings of [`CHUNK_PLAYERS`](head::CHUNK_PLAYERS) bytes. Every instance
//! has a copy in memory and answers from that: it hears of a new round on a channel, loads the chunks over a connection
//! of its own, and puts the whole in the place of the old.
//!
//! One instance at a time makes rounds: it holds a lease in Redis, which lapses unless it is renewed. `lead.lua` decides
//! by Redis's clock whether a round is due, and gives each try a fence: a number larger than all before, with the
//! instance's name. Chunks stand under names with number and fence, beside the running ones, and nothing is written under
//! a fence once there is a newer one; `switch.lua` puts the new round in the old one's place, with its minimum, if every
//! chunk is there. So a maker that was paused, or whose calls come late, writes nothing that anybody reads, and a round
//! is whole or not there.
//!
//! When the draw was last asked is kept in Redis too, the latest time of all regions by Redis's clock, which each
//! instance knows from its last look.
//!
//! [`Round`](round::Round) and [`Dice`](dice::Dice) are pure; [`Store`](store::Store) calls the scripts, of which
//! `prelude.lua` names the keys; [`MakerTask`] makes rounds; [`FollowTask`] loads them, [`AskTask`] tells of queries and
//! [`PublishTask`] makes frames; [`Draw`] is the handle for all others.

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
pub use handle::{Asked, Draw};

mod maker;
use maker::MakerTask;

mod tasks;
use tasks::{AskTask, FollowTask};

mod source;
pub(crate) use source::DrawSource;

#[cfg(test)]
mod tests;

use crate::config::Limits;
use crate::presence::Beats;
use crate::redis::LinkError;
use crate::tasks::Tasks;

/// Starts to make rounds when it is this instance's turn, to tell when somebody asked, and to follow the running round.
pub(crate) fn start(tasks: &Tasks, draw: &Draw, instance: &str, limits: &Limits) {
    let beats = Beats::of(limits);
    let maker = MakerTask::new(draw.clone(), instance.to_owned(), beats, limits.draw);
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
