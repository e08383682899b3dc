//! `/`: every region's clicks and people, live.
//!
//! What flies over it, once it is live, is drawn by `public/sky-….js`, which reads the table and the map.

pub(crate) mod page;
pub(crate) use page::WorldPage;

mod counter;
use counter::Counter;
mod elsewhere;
use elsewhere::Elsewhere;
mod region_table;
use region_table::RegionTable;
mod sparkline;
use sparkline::Sparkline;
