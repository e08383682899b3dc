//! `/party` and `/party/{code}`: finding a party, and being in one.

pub(crate) mod parties_page;
pub(crate) use parties_page::PartiesPage;
mod forms;
use forms::{CreateForm, GuestCard, JoinForm, YourCard};
mod nearby_parties;
use nearby_parties::NearbyParties;

pub(crate) mod party_page;
pub(crate) use party_page::PartyPage;
mod party_head;
use party_head::PartyHead;
pub use party_head::{Bird, WIDTH as FORMATION_WIDTH, fly};
mod participant_list;
use participant_list::ParticipantList;
mod party_end;
use party_end::{PartyEnd, PartyUnknown};

mod spoken_code;
pub use spoken_code::code_in_groups;

pub(crate) mod chat;
