//! The hub: keeps every session up to date about what it watches.
//!
//! Each topic has a [`Source`]: it says who may watch a key, which channel announces changes, and loads the state of
//! keys. The hub holds the table of sources. For every key that at least one session watches there is a
//! [`Broadcast`](broadcast::Broadcast) with its newest frame; [`HubTask`], one task for all sources, loads what was announced as changed, at most so many
//! times a second for each key, encodes it once, and publishes it. A [`Session`] holds a list of subscriptions. One
//! that is just one frame behind gets the change, where the source knows one, any other the whole state. So a slow
//! session skips to the newest, and costs no memory beyond the frame that all share.

mod source;
pub use source::{Loaded, MissLimit, Source, Sources, Update, Viewer, WatchError};

mod broadcast;

mod watches;
pub(crate) use watches::Hub;

mod task;
pub(crate) use task::{HubTask, until};

mod session;
pub(crate) use session::Services;
pub use session::{Outgoing, Session};
