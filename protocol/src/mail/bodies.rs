//! Mail as it is asked for and told of over REST.

use super::{Cursor, MailAddress, MessageId, MessageText};
use serde::{Deserialize, Serialize};

/// The body of `POST /api/messages`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewMessage {
    /// What it says: 1 to 4096 bytes of UTF-8, not only white space.
    #[cfg_attr(feature = "openapi", schema(value_type = MessageText))]
    pub message: String,
    /// Whom it is for.
    #[cfg_attr(feature = "openapi", schema(value_type = MailAddress, examples("fra-finch")))]
    pub to: String,
    /// Who writes it.
    #[cfg_attr(feature = "openapi", schema(value_type = MailAddress))]
    pub from: String,
}

/// How far a message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MessageStatus {
    /// It is in its recipient's mailbox.
    Delivered,
    /// It is stored here, and goes on to the other cluster that its recipient is of.
    Queued,
    /// The other cluster did not take it: a notice in the sender's mailbox says why.
    Failed,
}

/// The answer to `POST /api/messages`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessageSent {
    /// Its id.
    pub id: MessageId,
    /// Whom it is for; an alias is replaced by its region.
    #[cfg_attr(feature = "openapi", schema(examples("fra-finch")))]
    pub to: MailAddress,
    /// Who wrote it; likewise.
    pub from: MailAddress,
    /// When it was stored, by Redis's clock (RFC 3339, UTC).
    pub sent_at: String,
    /// `delivered`, or `queued` for another cluster.
    pub status: MessageStatus,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// Where it stands in the mailbox.
    pub cursor: Cursor,
    /// Whom it is for.
    #[cfg_attr(feature = "openapi", schema(examples("fra-finch")))]
    pub to: MailAddress,
    /// Who wrote it.
    pub from: MailAddress,
    /// What it says: plain text, whatever it looks like.
    pub message: MessageText,
    /// When it was sent (RFC 3339, UTC): by the clock of the sender's cluster, and never after it came.
    pub sent_at: String,
    /// Whether the sender has proved that the address is theirs. Nobody has claimed it where this is false.
    pub verified: bool,
}

/// The answer to `GET /api/messages`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Inbox {
    /// The messages, oldest first.
    pub messages: Vec<Message>,
    /// What to give as `after` for those that follow: now, or once they have come. Nothing where nothing has come
    /// yet.
    pub next: Option<Cursor>,
    /// Whether more follow now.
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
    /// A secret, told this once: who has it reads the mailbox and writes from the address, with the header
    /// `Authorization: Bearer` and this.
    #[cfg_attr(
        feature = "openapi",
        schema(examples("mail_4hXb1uJz6sVw0yQn8tKc3rEo5pLg7dTi9fMa2vBsNxC"))
    )]
    pub token: String,
}
