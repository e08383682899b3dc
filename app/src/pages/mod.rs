//! The pages, a file for each.

mod world;
pub(crate) use world::WorldPage;
