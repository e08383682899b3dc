//! The world map: the regions as lights over the land.
//!
//! The land is a picture in `public/`, a mask that takes the theme's colour; `scripts/map` draws it. The
//! lights are an SVG over it, placed by the same projection, which `projection` repeats and a test compares.
//! The server draws both once more, for the world's card. `public/sky-….js` lets clicks travel between the lights, `route` draws a
//! visitor's way over them, and `labels` finds places for the codes where they hide neither lights nor one another.

mod labels;
mod projection;
pub use projection::{HEIGHT, Point, WIDTH, place};

mod light;
pub(crate) use light::Glow;
pub use light::{CORE, GLOW, radius};
mod route;
pub(crate) use route::Route;
mod world_map;
pub(crate) use world_map::WorldMap;
