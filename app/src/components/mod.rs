//! Components that several features use. Values come in as signals, intents go out as callbacks; nothing here fetches.
//!
//! The signals are typed memos, not Leptos's `Signal`, whose code for every kind of signal with each type of value would
//! be a twentieth of the download.

mod connection_pill;
mod copy;
mod map;
mod masthead;
mod notices;
mod page_footer;
mod problem_note;
mod served_by_line;

use connection_pill::ConnectionPill;
pub(crate) use copy::copy_field;
pub(crate) use map::{Route, RoutePoints, WorldMap};
pub use masthead::navigation;
pub(crate) use masthead::{Masthead, Section};
pub(crate) use notices::Notices;
pub(crate) use page_footer::PageFooter;
pub(crate) use problem_note::ProblemNote;
pub(crate) use served_by_line::ServedByLine;
