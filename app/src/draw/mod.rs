//! `/draw`: up to two of all players, drawn at random in rounds.
//!
//! [`DrawMirror`](mirror::DrawMirror) is the draw as the page knows it: what the server rendered, the news of the live
//! socket and the answers to the page's own requests, where a newer round always replaces an older one.
//! [`Lookup`](lookup::Lookup) is the player who is looked up, or the visitor's own. Both are plain rules without a clock; [`OpenDraw`] wraps
//! them in signals. The live socket feeds them; `requests` sends the page's own requests.

pub(crate) mod page;
pub(crate) use page::DrawPage;
mod cards;

mod countdown;
mod lookup;
mod mirror;
mod scale;
mod signals;
mod spread;

mod browser;
mod requests;

pub(crate) use countdown::NextRound;
pub(crate) use lookup::{Lookup, LookupResult};
#[cfg(test)]
use mirror::DrawMirror;
pub(crate) use mirror::{Origin, ShownPlayers};
pub(crate) use signals::{DrawRequest, LOOKED_UP, OWN, OpenDraw, Pin};
pub(crate) use spread::{Group, Spread};

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::samples;
