#![doc = include_str!("../README.md")]

mod text_conversions;

mod invisible;
mod one_line;

mod ids;
pub use ids::{CodeError, DeviceId, DeviceIdError, RegionCode, SessionId, SessionIdError};

mod coordinates;
pub use coordinates::{Coordinates, CoordinatesError};

mod world;
pub use world::{HISTORY_SAMPLES, HISTORY_STEP_MS, PageState, Region, World, WorldReport};

mod counter;
pub use counter::{Click, ClickReceipt, Step, StepError};

mod dispatch;
pub use dispatch::{Manager, ManagerFound};

mod party;
pub use party::{
    CHAT_KEPT, CHAT_PAGE, CODE_MAX, CODE_MIN, Chat, ChatAttempt, ChatMessage, ChatTopic,
    NEARBY_MAX, NEARBY_RADIUS_KM, NearbyParty, NewChatMessage, NewParticipant, NewParty,
    Participant, ParticipantName, ParticipantNameError, PartiesState, Party, PartyCode,
    PartyCodeError, PartyCreated, PartyJoined, PartyState, PartyTopic, UnreadMessagesTopic,
};

mod mail;
pub use mail::{
    AddressClaimed, AddressError, CONVERSATION_MAX, Conversation, Cursor, CursorError, Federated,
    FederatedBatch, FederatedOutcome, FederatedOutcomes, Federation, Inbox, Letter,
    MAIL_NAME_MAX_CHARS, MESSAGE_MAX_BYTES, MailAddress, MailAttempt, MailBlocks, MailForm,
    MailPlace, MailState, Mailbox, MailboxTopic, Message, MessageId, MessageIdError, MessageSent,
    MessageStatus, MessageText, MessageTextError, NewAddress, NewMessage, POSTMASTER, Unread,
    UnreadLettersTopic, Waiting,
};

mod draw;
pub use draw::{
    DrawNews, DrawProgress, DrawReport, DrawState, DrawTopic, MaxTwo, Player, PlayerLookup,
    PlayerPoints, read_player_id,
};

mod document;
pub use document::{
    CHANGE_MAX_BYTES, CHANGES_WAITING_MAX, Create, Document, DocumentCode, DocumentCodeError,
    DocumentLink, DocumentState, DocumentTopic, NewDocumentState, Revised, Seen,
};

mod poll;
pub use poll::{Ballot, NewPoll, OPTIONS_MAX, OPTIONS_MIN, Poll, PollChange, PollOption};

pub mod json;

pub mod live;

mod problem;
pub use problem::Problem;
