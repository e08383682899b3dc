//! What the draw's page knows, and what a browser does about it.
//!
//! [`Board`](board::Board) is the draw: what the server rendered, the news that the live socket brings, and the
//! answers to this page's own questions, merged so that a newer round always takes the place of an older one.
//! [`Search`](search::Search) is the player who is looked up. Both are plain rules without a clock; [`Desk`] wraps
//! them in signals. In a browser `following` and `asking` feed them: the one hears the socket and lets time pass,
//! the other asks. [`countdown`], [`spread`], [`words`] say what that means.

mod page;
pub(crate) use page::DrawPage;
mod cards;

mod board;
mod countdown;
mod pin;
mod scale;
mod search;
mod signals;
mod spread;
mod words;

mod asking;
mod browser;
mod following;

#[cfg(test)]
use board::Board;
pub(crate) use board::{Origin, Shown};
pub(crate) use countdown::Next;
pub(crate) use pin::Pin;
pub(crate) use search::{Finding, Search};
pub(crate) use signals::{Asking, Desk};
pub(crate) use spread::{Group, Spread};
pub(crate) use words::{as_moment, said_found, said_two};

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::samples;
