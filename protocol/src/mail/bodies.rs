//! Mail in the REST API.

use super::{Cursor, MailAddress, MessageId, MessageText};
use serde::{Deserialize, Serialize};

/// The body of `POST /api/messages`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewMessage {
    /// The text: 1 to 4096 bytes of UTF-8, of which something can be seen.
    #[cfg_attr(feature = "openapi", schema(value_type = MessageText))]
    pub message: String,
    /// The recipient.
    #[cfg_attr(feature = "openapi", schema(value_type = MailAddress, examples("fra-finch")))]
    pub to: String,
    /// The sender.
    #[cfg_attr(feature = "openapi", schema(value_type = MailAddress))]
    pub from: String,
}

/// The delivery status of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MessageStatus {
    /// It is in the mailbox of its recipient's address.
    Delivered,
    /// It is stored here, to be sent to the recipient's cluster.
    Queued,
    /// The other cluster did not accept it; a notice in the sender's mailbox says why.
    Failed,
}

/// The answer to `POST /api/messages`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessageSent {
    /// Its id.
    pub id: MessageId,
    /// The recipient, with an alias replaced by its region.
    #[cfg_attr(feature = "openapi", schema(examples("fra-finch")))]
    pub to: MailAddress,
    /// The sender; likewise.
    pub from: MailAddress,
    /// When it was stored, by Redis's clock (RFC 3339, UTC).
    pub sent_at: String,
    /// `delivered`, or `queued` for another cluster.
    pub status: MessageStatus,
    /// Whether nobody has claimed the recipient's address. Nobody can read the message then: it is deleted after a day, or
    /// once somebody claims the address. Always false for another cluster's address.
    pub unclaimed: bool,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// Its position in the mailbox.
    pub cursor: Cursor,
    /// The recipient.
    #[cfg_attr(feature = "openapi", schema(examples("fra-finch")))]
    pub to: MailAddress,
    /// The sender.
    pub from: MailAddress,
    /// The text: always plain text, never markup.
    pub message: MessageText,
    /// When it was sent (RFC 3339, UTC), by the clock of the sender's cluster, but never later than it arrived.
    pub sent_at: String,
    /// Whether the sender owns the address. If false, nobody had claimed it.
    pub verified: bool,
}

/// The answer to `GET /api/messages`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Inbox {
    /// The messages, oldest first.
    pub messages: Vec<Message>,
    /// Pass this as `after` to get the messages that follow, now or later. `null` if no message has come yet.
    pub next: Option<Cursor>,
    /// Whether more messages are available now.
    pub more: bool,
}

/// The body of `POST /api/addresses`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewAddress {
    /// The address to claim, of a region of this cluster.
    #[cfg_attr(feature = "openapi", schema(value_type = MailAddress))]
    pub address: String,
}

/// The answer to `POST /api/addresses`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AddressClaimed {
    /// The address; an alias is replaced by its region.
    pub address: MailAddress,
    /// A secret, shown only once: its bearer reads the mailbox and sends from the address, with the header
    /// `Authorization: Bearer` followed by it.
    #[cfg_attr(
        feature = "openapi",
        schema(examples("mail_4hXb1uJz6sVw0yQn8tKc3rEo5pLg7dTi9fMa2vBsNxC"))
    )]
    pub token: String,
}
