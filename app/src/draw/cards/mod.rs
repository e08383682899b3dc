//! The draw's cards: the drawn players, the next round, the visitor's own player, a lookup, and the distribution of points.

mod player_card;
use player_card::{EmptySlot, PlayerCard};
mod drawn_players;
pub(crate) use drawn_players::DrawnPlayers;
mod draw_facts;
use draw_facts::{DrawFacts, ExactTime};

mod next_card;
pub(crate) use next_card::NextCard;
mod points_line;
use points_line::PointsLine;
mod own_card;
pub(crate) use own_card::OwnCard;
mod lookup_card;
pub(crate) use lookup_card::LookupCard;

mod spread_card;
pub(crate) use spread_card::SpreadCard;
