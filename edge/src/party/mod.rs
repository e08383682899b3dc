//! Parties: small groups of people in any region, with one of them as host.
//!
//! Redis holds each party in one hash, and for each person the one party that they are in. Every change is one script, so
//! people who join, leave and are promoted at the same moment in different regions do so one after the other. Instances
//! keep no state of parties; any instance serves any party.
//!
//! Every call can be retried after an ambiguous failure. Joining is idempotent per person; leaving twice fails with
//! [`PartyError::NotIn`] or [`PartyError::Unknown`]; creating twice moves the person to the second party and ends the
//! first, unless somebody who found it nearby has joined it meanwhile.
//!
//! A person is online while any instance holds a session of theirs: [`crate::presence`] maintains that, and tells their
//! party. Its heartbeat also ends parties that nobody has used for long. A session that watches a party follows the
//! party's channel: each change publishes a hint, the instance reads the party at a bounded rate, and all its sessions
//! that watch it share one frame. It also reads when it first subscribes and after every reconnect, as hints may be lost.
//!
//! A party has a chat: a stream of the last thousand messages of a month, deleted with the party. It has a channel of its own, so
//! that a message does not make anybody read the party, nor a change the chat.
//!
//! It counts its messages, and for each participant how many of them they have seen: a message tells the channel of each
//! participant, so that every page of theirs can say what is unread. How long a message took is noted apart from it, by
//! [`timings`].
//!
//! [`state`] and [`cell`] hold the rules and do no I/O; [`Parties`] is the handle, which calls the scripts; [`PartySource`]
//! and [`ChatSource`] read what is watched.

mod cell;
mod state;

mod keys;

mod error;
pub use error::PartyError;

mod handle;
pub use handle::{JoinOutcome, Parties, PartyPlan};

mod idle;

mod limits;
pub use limits::PartyLimits;

mod metrics;
pub use metrics::PartyMetrics;

mod misses;

mod chat;

mod timings;

mod unread;

mod nearby;

mod source;
pub(crate) use source::{ChatSource, PartySource, UnreadMessagesSource};
