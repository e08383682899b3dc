//! Dispatch: which live region is nearest, and which of its instances has the most room.
//!
//! The regions there can be are a list that never changes while an instance runs, so their places are
//! kept as points on a sphere of radius 1: the nearest is the one with the shortest chord, found without
//! trigonometry. Which instances live, and how many sessions each has, the mirror knows from the same events
//! that tell the world, so a visitor is sent somewhere without asking Redis. Of the region's instances two
//! are picked at random and the less loaded one is taken ("the power of two choices", M. Mitzenmacher, 2001):
//! dispatchers that know loads of a moment ago then do not all send everyone to the same one.

mod state;
pub(crate) use state::{InstanceNews, Instances};

mod dispatcher;
pub(crate) use dispatcher::Dispatcher;

#[cfg(test)]
mod tests;
