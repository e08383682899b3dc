//! What draws. Values come in as signals, intents go out as callbacks; nothing here fetches.
//!
//! The signals are memos by type, not Leptos's `Signal` of any kind: that would bring the code for every kind
//! with each type of value, a twentieth of what a browser downloads.

mod connection_pill;
mod counter;
pub(crate) mod draw;
pub(crate) mod mail;
mod map;
mod masthead;
mod notices;
mod page_footer;
pub(crate) mod party;
mod region_table;
mod served_by_line;
mod sparkline;

use connection_pill::ConnectionPill;
pub(crate) use counter::Counter;
pub(crate) use map::{Route, Way, WorldMap};
pub(crate) use masthead::{Masthead, Section};
pub(crate) use notices::Notices;
pub(crate) use page_footer::PageFooter;
pub(crate) use region_table::RegionTable;
pub(crate) use served_by_line::ServedByLine;
pub(crate) use sparkline::Sparkline;
