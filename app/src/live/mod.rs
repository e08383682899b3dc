//! The page's connection to its server, and what it makes the page show.
//!
//! [`LiveState`](state::LiveState) holds everything in one plain struct: the [`Mirror`](mirror::Mirror) of the world, this
//! page's own [`Clicks`](clicks::Clicks) that the world does not include yet, the history, the link. Frames,
//! clicks and the passing of time change it by rules that are pure functions. [`Live`] wraps it in a signal,
//! from which each component's own signal is derived, so that a frame touches only what it changes. What else a page
//! shows and changes live are topics and documents: [`use_topic`] and [`use_document`].
//!
//! In a browser `client` feeds it: one task owns the socket and reconnects, listeners and timers send it
//! cues. On a server nothing feeds it, and it stays as the page's state made it. Both render the same.

mod backoff;
mod changes;
mod clicks;
mod connection;
mod document;
mod each_region;
mod mirror;
mod notice;
mod round_trips;
mod state;
mod topic;
mod view;
mod watch;

mod browser;
mod client;
mod cues;
mod exchange;
mod line;
mod socket;

mod signals;

pub(crate) use client::provide_live;
pub(crate) use connection::Connection;
#[cfg(test)]
pub(crate) use connection::Stop;
pub(crate) use document::{OpenDocument, use_document};
pub(crate) use each_region::each_region;
pub(crate) use round_trips::RoundTrips;
pub(crate) use signals::{Live, RegionRow};
#[cfg(test)]
pub(crate) use state::Reaction;
pub(crate) use topic::on_state;
pub(crate) use topic::{Known, use_topic};

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::samples;
