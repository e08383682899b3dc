//! The draw: players, their points, and the two that are shown.

mod bodies;
pub use bodies::{
    DrawNews, DrawProgress, DrawReport, DrawState, DrawTopic, MaxTwo, Player, PlayerLookup,
    PlayerPoints,
};

mod typed;
pub use typed::read_player_id;

#[cfg(test)]
mod tests;
