//! The hub: keeps every session up to date about what it watches.
//!
//! Each topic has a [`Source`]: it says who may watch a key, which channel announces changes, and loads the state of
//! keys. The hub holds the table of sources. For every key that at least one session watches there is a
//! [`Broadcast`](broadcast::Broadcast) with its newest frame. [`HubTask`], one task for all sources, loads what was announced
//! as changed, encodes it once, as the bytes that go out, and publishes it. A [`Session`] holds a list of subscriptions. One
//! that is just one frame behind gets the change, where the source knows one, any other the whole state. So a slow
//! session skips to the newest, and costs no memory beyond the frame that all share.
//!
//! What is due to a session, frames and acknowledgements alike, is written by one loop, in passes over all sessions to which
//! something is due: no task wakes for each. A session whose browser does not take everything at once writes the rest itself.
//! The pause between two passes is a multiple of what the last ones took, so that a quiet instance is as fast as the network,
//! and a full one slows down evenly for all.

mod any_source;
pub(crate) use any_source::{AnySource, BoxFuture, Encoded, erased};

#[cfg(any(feature = "parties", feature = "mail"))]
mod personal;
#[cfg(any(feature = "parties", feature = "mail"))]
pub(crate) use personal::{Personal, PersonalSource, personal};

mod source;
pub use source::{Loaded, MissLimit, Source, Sources, Update, Viewer, WatchError};

mod message;
pub use message::Message;

mod broadcast;

mod due;

mod line;
pub(crate) use line::Answered;
pub use line::{Outgoing, Sink};

mod queue;

mod watches;
pub(crate) use watches::Hub;

mod task;
pub(crate) use task::HubTask;

mod session;
pub(crate) use session::Services;
pub use session::Session;
