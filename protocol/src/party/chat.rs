//! A party's chat.

use crate::{Cursor, DeviceId, MessageId, MessageText};
use serde::{Deserialize, Serialize};

/// The most messages that a chat keeps.
pub const CHAT_KEPT: u32 = 1000;

/// The body of `POST /parties/{party_code}/messages`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewChatMessage {
    /// The sender, a participant.
    pub device_id: DeviceId,
    /// The text: 1 to 4096 bytes of UTF-8, not only white space.
    #[cfg_attr(feature = "openapi", schema(value_type = MessageText))]
    pub message: String,
}

/// A message of a party's chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChatMessage {
    /// Its id: the same for all retries with one `Idempotency-Key`.
    pub id: MessageId,
    /// Its position in the chat.
    pub cursor: Cursor,
    /// The sender's id within the party; they may have left since.
    pub participant_id: u32,
    /// Their name at that time.
    pub participant_name: String,
    /// The text: always plain text, never markup.
    pub message: MessageText,
    /// When it was sent, by Redis's clock (RFC 3339, UTC).
    pub sent_at: String,
}

/// Part of a party's chat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Chat {
    /// The messages, oldest first.
    pub messages: Vec<ChatMessage>,
    /// Pass this as `before` to get older messages; `null` if these are the oldest.
    pub before: Option<Cursor>,
}
