//! What a party's page knows of its room, and what a browser does about it.
//!
//! [`ChatLog`](log::ChatLog) are the lines: what the server rendered, and what the live socket tells merged into it.
//! [`Sayings`](sayings::Sayings) is what this page says: shown at once, sent one after the other, each once. Both
//! are plain rules; [`Room`] wraps them in signals. In a browser `saying` and `following` feed them.

mod room_card;
pub(super) use room_card::RoomCard;
mod room_form;
mod room_line;
mod room_log;

mod log;
mod sayings;
mod signals;

mod browser;
mod following;
mod saying;

#[cfg(test)]
pub(crate) use log::ChatLog;
pub(crate) use sayings::{Saying, Stage};
pub(crate) use signals::Room;

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::samples;
