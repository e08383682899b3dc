//! Dispatch: which live region is nearest, and which of its instances has the most room.
//!
//! The list of regions is fixed while an instance runs, so locations are stored as points on a unit sphere: the nearest
//! region has the shortest chord, which takes no trigonometry. The mirror knows from the world's events which instances
//! are live and how many sessions each has, so sending a visitor to one takes no call to Redis. Of two random instances of
//! the region the less loaded one is chosen ("the power of two choices", M. Mitzenmacher, 2001), so that dispatchers with
//! slightly old numbers do not all choose the same one.

mod state;
pub(crate) use state::{InstanceNews, Instances};

mod atlas;
pub(crate) use atlas::Atlas;

#[cfg(test)]
mod tests;
