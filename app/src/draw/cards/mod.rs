//! The draw's cards: the drawn players, the next round, a lookup, and the distribution of points.

mod exact_time;
use exact_time::ExactTime;

mod player_card;
use player_card::PlayerCard;
mod empty_slot;
use empty_slot::EmptySlot;
mod drawn_players;
pub(crate) use drawn_players::DrawnPlayers;
mod draw_facts;
use draw_facts::DrawFacts;

mod next_card;
pub(crate) use next_card::NextCard;
mod lookup_card;
pub(crate) use lookup_card::LookupCard;

mod spread_card;
pub(crate) use spread_card::SpreadCard;
mod spread_chart;
use spread_chart::SpreadChart;
mod spread_table;
use spread_table::SpreadTable;
