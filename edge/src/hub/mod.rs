//! The hub: hands every session the newest frames.
//!
//! A [`Topic`] holds one frame: what changed since the frame before, and the whole. One task publishes to
//! it, the first change at once and then at most so many frames a second, each encoded once. A
//! [`Session`] remembers the number of the frame it saw last: one that is just a frame behind gets the
//! change, any other the whole. So a slow session skips to the newest, and costs no memory beyond the
//! frame that all share. What sessions show beside it, a party or a mailbox, has a topic too while at least one
//! shows it: [`Watches`] knows who does, and follows its channel; a [`WatchTask`] for each kind reads what has news
//! from its [`Source`], at most so many times a second, and makes one frame for all.

mod topic;
pub(crate) use topic::{Subscription, Topic};

mod watch;
pub(crate) use watch::{Watcher, Watches};

mod watch_task;
pub(crate) use watch_task::{Source, WatchTask, until};

mod session;
pub(crate) use session::Services;
pub use session::{Outgoing, Session};

mod tasks;
pub(crate) use tasks::{WorldTask, encode};
