//! Everything that talks to Redis: one connection for commands and subscriptions, scripts, keys, and
//! the server that an instance keeps for itself where none is configured.
//!
//! [`Link`] is the cheap handle that all stores call scripts through. Behind it one task owns the
//! connection: it connects with growing, jittered delays, subscribes over RESP3 push, and only then
//! offers the connection to callers. Whatever fails ambiguously (a time-out, a cut) takes the connection
//! down, so that the task makes a fresh one and the mirror takes a fresh snapshot. Events go to the
//! mirror through a bounded channel; when it overflows, events are lost on purpose and a resync repairs.
//! Other channels can be followed while they matter to someone here: what they bring is a hint to read
//! something, and hints of one channel fall together, see [`News`].

mod backoff;
pub(crate) use backoff::Backoff;

mod embedded;
pub(crate) use embedded::Embedded;

mod endpoint;
pub use endpoint::{ConfigError, Endpoint};

mod keys;
pub(crate) use keys::Keys;

mod link;
pub use link::LinkError;
pub(crate) use link::{Bulk, Link, Signal, unreadable};

mod subscriptions;
pub(crate) use subscriptions::News;

mod tasks;
pub(crate) use tasks::LinkTask;
