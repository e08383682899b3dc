//! Access to Redis: one connection for commands and subscriptions, scripts, key names, and the server that instances run
//! themselves if none is configured.
//!
//! All stores call scripts through [`Link`], a cheap handle. A task behind it owns the connection: it connects with
//! growing, jittered delays, subscribes over RESP3 push, and only then offers the connection to callers. Any ambiguous
//! failure (a time-out, a broken connection) replaces the connection, and the mirror reads a fresh snapshot. Events reach
//! the mirror through a bounded channel; if it overflows, events are dropped and the mirror repairs itself. Other channels
//! can be followed as needed: their messages are hints to read something, and a channel's hints are merged, see [`News`].

mod backoff;
pub(crate) use backoff::Backoff;

mod embedded;
pub(crate) use embedded::Embedded;

mod endpoint;
pub use endpoint::{ConfigError, Endpoint};

mod error;
pub use error::LinkError;
pub(crate) use error::unreadable;

mod keys;
pub(crate) use keys::Keys;

mod link;
pub(crate) use link::{Bulk, Link, Signal, as_ms};

mod script;
pub(crate) use script::script;

mod subscriptions;
pub(crate) use subscriptions::News;

mod tasks;
pub(crate) use tasks::LinkTask;

mod writes;
pub(crate) use writes::Writes;
