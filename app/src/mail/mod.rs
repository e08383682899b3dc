//! What a page of mail knows, and what a browser does about it.
//!
//! [`Post`](post::Post) is the mailbox: what the server rendered, and the news that the live socket brings merged
//! into it. [`Outgoing`](outgoing::Outgoing) are the letters that this page sends: shown at once, sent one after
//! the other under keys of their own, again until they are answered. Both are plain rules; [`MailRoom`] wraps
//! them in signals. In a browser `sending` and `following` feed them: the one carries letters, the other hears the
//! socket, fills gaps, looks back and marks as seen.

mod check;
mod outgoing;
mod post;
mod signals;
mod text;

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(feature = "hydrate")]
mod following;
#[cfg(feature = "hydrate")]
mod sending;

pub(crate) use check::{Check, place_of};
pub(crate) use outgoing::{Sent, Stage, Trouble};
pub(crate) use post::Post;
pub(crate) use signals::{Looking, MailRoom};
pub(crate) use text::{preview, visible};

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::samples;
