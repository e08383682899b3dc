//! Components that several features use. Values come in as signals, intents go out as callbacks; nothing here fetches.
//!
//! The signals are typed memos, not Leptos's `Signal`, whose code for every kind of signal with each type of value would
//! be a twentieth of the download.

mod copy;
mod frame;
mod map;
mod problem_note;
mod served_by_line;

pub(crate) use copy::CopyField;
pub use frame::navigation;
pub(crate) use frame::{Frame, Section};
pub(crate) use map::{Glow, Route, WorldMap};
pub(crate) use problem_note::ProblemNote;
pub(crate) use served_by_line::ServedByLine;
