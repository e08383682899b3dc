//! Messages for tests.

use crate::conversation::{Entry, EntryPage};
use protocol::{Cursor, MessageId, MessageText};

pub(crate) fn cursor(ms: u64) -> Cursor {
    Cursor::parse(&format!("{ms}-0")).unwrap()
}

pub(crate) fn text(text: &str) -> MessageText {
    MessageText::parse(text).unwrap()
}

/// A message of somebody else's.
pub(crate) fn entry(ms: u64, message: &str) -> Entry {
    Entry {
        id: MessageId::of(ms.into()),
        cursor: cursor(ms),
        is_own: false,
        author: Some("Robin".into()),
        is_unverified: false,
        is_unclaimed: false,
        text: text(message),
        sent_at: "2026-11-21T12:00:00.000Z".into(),
    }
}

/// A message of the reader's own.
pub(crate) fn own(ms: u64, message: &str) -> Entry {
    Entry {
        is_own: true,
        author: None,
        ..entry(ms, message)
    }
}

/// Messages with these numbers, after that one or none.
pub(crate) fn page(numbers: impl IntoIterator<Item = u64>, before: Option<u64>) -> EntryPage {
    let entry = |ms| entry(ms, &format!("message {ms}"));
    EntryPage {
        entries: numbers.into_iter().map(entry).collect(),
        before: before.map(cursor),
    }
}
