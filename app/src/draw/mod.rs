//! What the draw's page knows, and what a browser does about it.
//!
//! [`DrawMirror`](mirror::DrawMirror) is the draw: what the server rendered, the news that the live socket brings, and the
//! answers to this page's own questions, merged so that a newer round always takes the place of an older one.
//! [`Lookup`](lookup::Lookup) is the player who is looked up. Both are plain rules without a clock; [`OpenDraw`] wraps
//! them in signals. In a browser `following` and `request` feed them: the one hears the socket and lets time pass,
//! the other asks. [`countdown`], [`spread`], [`words`] say what that means.

mod page;
pub(crate) use page::DrawPage;
mod cards;

mod countdown;
mod lookup;
mod mirror;
mod pin;
mod scale;
mod signals;
mod spread;
mod words;

mod browser;
mod following;
mod requests;

pub(crate) use countdown::NextRound;
pub(crate) use lookup::{Lookup, LookupResult};
#[cfg(test)]
use mirror::DrawMirror;
pub(crate) use mirror::{Origin, ShownPlayers};
pub(crate) use pin::Pin;
pub(crate) use signals::{DrawRequest, OpenDraw};
pub(crate) use spread::{Group, Spread};
pub(crate) use words::{as_moment, describe_drawn, describe_found};

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::samples;
