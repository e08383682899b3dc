//! `/`: every region's clicks and people, live.

pub(crate) mod page;
pub(crate) use page::WorldPage;

mod counter;
use counter::Counter;
mod elsewhere;
use elsewhere::Elsewhere;
#[cfg(any(feature = "hydrate", test))]
mod flock;
#[cfg(any(feature = "ssr", feature = "hydrate", test))]
mod reach;
mod region_table;
use region_table::RegionTable;
#[cfg(feature = "hydrate")]
mod sky;
mod sparkline;
use sparkline::Sparkline;
