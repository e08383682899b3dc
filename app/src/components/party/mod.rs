//! What the pages of parties are made of.

mod destination;
pub(crate) use destination::Destination;
mod forms;
pub(crate) use forms::{CreateForm, JoinForm};
mod own_party;
pub(crate) use own_party::OwnParty;
mod region_choice;
pub(crate) use region_choice::RegionChoice;
mod nearby_parties;
pub(crate) use nearby_parties::NearbyParties;
mod problem_note;
pub(crate) use problem_note::ProblemNote;

mod formation;
mod party_head;
pub(crate) use party_head::PartyHead;
mod participant_list;
pub(crate) use participant_list::ParticipantList;
mod qr_code;
mod share_card;
pub(crate) use share_card::ShareCard;
mod your_card;
pub(crate) use your_card::{GuestCard, YourCard};
mod room_card;
pub(crate) use room_card::RoomCard;
mod party_end;
mod room_form;
mod room_line;
mod room_log;
pub(crate) use party_end::{PartyEnd, PartyUnknown};
