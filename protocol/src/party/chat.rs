//! What is said in a party's room.

use crate::{Cursor, DeviceId, MessageText};
use serde::{Deserialize, Serialize};

/// Lines that a room keeps.
pub const CHAT_MAX: u32 = 1000;

/// The body of `POST /parties/{party_code}/messages`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewLine {
    /// Who says it: a participant.
    pub device_id: DeviceId,
    /// What they say: 1 to 4096 bytes of UTF-8, not only white space.
    #[cfg_attr(feature = "openapi", schema(value_type = MessageText))]
    pub message: String,
}

/// Something that was said in a party's room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartyLine {
    /// Where it stands in the room.
    pub cursor: Cursor,
    /// Who said it, by the id within the party; they may have left since.
    pub participant_id: u32,
    /// What they were called then.
    pub participant_name: String,
    /// What they said: plain text, whatever it looks like.
    pub message: MessageText,
    /// When, by Redis's clock (RFC 3339, UTC).
    pub sent_at: String,
}

/// A part of what was said in a party's room.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartyChat {
    /// The lines, oldest first.
    pub lines: Vec<PartyLine>,
    /// What to give as `before` for those before them; nothing where these are the first that are kept.
    pub before: Option<Cursor>,
}
