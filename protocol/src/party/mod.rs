//! Parties: small groups of people of any region, with a leader.

mod code;
pub use code::{CODE_MAX, CODE_MIN, PartyCode, PartyCodeError};

mod name;
pub use name::{ParticipantName, ParticipantNameError};

mod bodies;
pub use bodies::{
    NearbyParty, NewParticipant, NewParty, Participant, Party, PartyCreated, PartyJoined,
};

mod chat;
pub use chat::{CHAT_MAX, NewLine, PartyChat, PartyLine};

mod pages;
pub use pages::{NEARBY_MAX, NEARBY_RADIUS_KM, PartiesState, PartyState, ROOM_LINES, SayAttempt};
