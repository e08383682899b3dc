//! Parties: small groups of people of any region, with a leader.

mod code;
pub use code::{CODE_MAX, CODE_MIN, PartyCode, PartyCodeError};

mod name;
pub use name::{ParticipantName, ParticipantNameError};

mod bodies;
pub use bodies::{
    CHAT_KEPT, Chat, ChatMessage, ChatTopic, NearbyParty, NewChatMessage, NewParticipant, NewParty,
    Participant, Party, PartyCreated, PartyJoined, PartyTopic, UnreadMessagesTopic,
};

mod pages;
pub use pages::{CHAT_PAGE, ChatAttempt, NEARBY_MAX, NEARBY_RADIUS_KM, PartiesState, PartyState};
