//! The draw: players, their points, and the two that are shown.

mod bodies;
pub use bodies::{DrawProgress, DrawReport, MaxTwo, Player, PlayerPoints};

mod pages;
pub use pages::{DrawNews, DrawState, PlayerLookup};

#[cfg(test)]
mod tests;
