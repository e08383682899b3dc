//! Access to Redis: connections for calls and subscriptions, scripts, key names, and the server that instances run
//! themselves if none is configured.
//!
//! All stores call scripts through [`Link`], a cheap handle. Tasks behind it own the connections: they connect with growing,
//! jittered delays, subscribe over RESP3 push, and only then offer the connection to callers. Any ambiguous failure (a
//! time-out, a broken connection) replaces the connection, and the mirror reads a fresh snapshot. What others do is heard on
//! sharded channels, in the slot of the keys that they tell of, see [`News`].
//!
//! Only this module knows what Redis is: one server, the primary that Sentinels name, or a cluster. There is a [`node`] with
//! connections of its own for each primary, and a [`topology`] that says which of them has a key.

mod advice;

mod backoff;
pub(crate) use backoff::Backoff;

#[cfg(feature = "draw")]
mod bulk;
#[cfg(feature = "draw")]
pub(crate) use bulk::Bulk;

mod cluster;

mod concern;
pub use concern::RedisConcern;

mod confirm;
pub use confirm::{Confirm, ConfirmWhen};

mod embedded;
pub(crate) use embedded::Embedded;

mod endpoint;
pub use endpoint::{ConfigError, Endpoint};

mod error;
pub use error::LinkError;
pub(crate) use error::unreadable;

mod inspection;

mod keys;
pub(crate) use keys::Keys;

mod link;
pub(crate) use link::{Link, as_ms};

mod listening;

mod locator;

mod node;

mod node_task;

mod run;

mod script;
pub(crate) use script::{Call, Script, script};

mod sentinels;

mod subscriptions;
pub(crate) use subscriptions::{Events, News, Signal};

mod target;

mod tasks;
pub(crate) use tasks::LinkTask;

mod tls;
pub use tls::TlsFiles;

mod topology;

mod writes;
pub(crate) use writes::Writes;
