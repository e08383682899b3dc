//! The draw: players, their points, and the two that are shown.

mod bodies;
pub use bodies::{DrawProgress, DrawReport, MaxTwo, Player, PlayerPoints};

mod pages;
pub use pages::{DrawNews, DrawState, DrawTopic, PlayerLookup};

mod typed;
pub use typed::read_player_id;

#[cfg(test)]
mod tests;
