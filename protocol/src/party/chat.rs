//! A party's chat.

use crate::{Cursor, DeviceId, MessageId, MessageText};
use serde::{Deserialize, Serialize};

/// Messages that a chat keeps.
pub const CHAT_KEPT: u32 = 1000;

/// The body of `POST /parties/{party_code}/messages`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewChatMessage {
    /// Who sends it: a participant.
    pub device_id: DeviceId,
    /// The text: 1 to 4096 bytes of UTF-8, not only white space.
    #[cfg_attr(feature = "openapi", schema(value_type = MessageText))]
    pub message: String,
}

/// A message of a party's chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChatMessage {
    /// What tells it from all other messages: the same for every retry under one `Idempotency-Key`.
    pub id: MessageId,
    /// Its place in the chat.
    pub cursor: Cursor,
    /// The sender's id within the party; they may have left since.
    pub participant_id: u32,
    /// What they were called then.
    pub participant_name: String,
    /// The text: plain, whatever it looks like.
    pub message: MessageText,
    /// When, by Redis's clock (RFC 3339, UTC).
    pub sent_at: String,
}

/// A part of a party's chat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Chat {
    /// The messages, oldest first.
    pub messages: Vec<ChatMessage>,
    /// The `before` that leads to older messages; `None` where these are the oldest kept.
    pub before: Option<Cursor>,
}
