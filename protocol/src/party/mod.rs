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
pub use chat::{CHAT_KEPT, Chat, ChatMessage, NewChatMessage};

mod topic;
pub use topic::{ChatTopic, PartyTopic};

mod pages;
pub use pages::{CHAT_PAGE, ChatAttempt, NEARBY_MAX, NEARBY_RADIUS_KM, PartiesState, PartyState};
