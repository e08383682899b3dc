//! The messages of a conversation.

use protocol::{Cursor, MessageId, MessageText};

/// A stored message: a chat message or a letter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// The same in every copy.
    pub id: MessageId,
    /// Its place in the conversation.
    pub cursor: Cursor,
    /// Whether the reader wrote it.
    pub is_own: bool,
    /// The author's name; `None` is shown as "You".
    pub author: Option<String>,
    /// Whether nobody had claimed the author's address.
    pub is_unverified: bool,
    /// The text.
    pub text: MessageText,
    /// When it was sent (RFC 3339, UTC).
    pub sent_at: String,
}

/// Consecutive messages, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct EntryPage {
    /// The messages.
    pub entries: Vec<Entry>,
    /// The newest message before them; `None` where these are the oldest that are kept.
    pub before: Option<Cursor>,
}

/// The place of the newest of these messages.
pub(super) fn newest(entries: &[Entry]) -> Option<Cursor> {
    entries.last().map(|entry| entry.cursor)
}
