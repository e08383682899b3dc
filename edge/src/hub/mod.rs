//! The hub: hands every session the newest frames.
//!
//! A [`Topic`] holds one frame: what changed since the frame before, and the whole. One task publishes to
//! it, the first change at once and then at most so many frames a second, each encoded once. A
//! [`Session`] remembers the number of the frame it saw last: one that is just a frame behind gets the
//! change, any other the whole. So a slow session skips to the newest, and costs no memory beyond the
//! frame that all share. A party that sessions show has a topic too, see [`crate::party`].

mod topic;
pub(crate) use topic::{Subscription, Topic};

mod session;
pub(crate) use session::Services;
pub use session::{Outgoing, Session};

mod tasks;
pub(crate) use tasks::WorldTask;
