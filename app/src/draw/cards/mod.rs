//! The draw's cards: at most two players, the next round, any player, and how the points are spread.

mod said_time;
use said_time::SaidTime;

mod player_card;
use player_card::PlayerCard;
mod empty_seat;
use empty_seat::EmptySeat;
mod two;
pub(crate) use two::TheTwo;
mod two_facts;
use two_facts::TwoFacts;

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
