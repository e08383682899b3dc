//! Rooms for tests.

use protocol::{Chat, ChatMessage, Cursor, MessageText};

pub(crate) fn cursor(ms: u64) -> Cursor {
    Cursor::parse(&format!("{ms}-0")).unwrap()
}

pub(crate) fn text(text: &str) -> MessageText {
    MessageText::parse(text).unwrap()
}

/// What that participant said then.
pub(crate) fn line(ms: u64, participant_id: u32, message: &str) -> ChatMessage {
    ChatMessage {
        id: protocol::MessageId::of(ms.into()),
        cursor: cursor(ms),
        participant_id,
        participant_name: format!("Guest {participant_id}"),
        message: text(message),
        sent_at: "2026-11-21T12:00:00.000Z".into(),
    }
}

/// These lines, with something before them or not.
pub(crate) fn chat(lines: &[(u64, u32, &str)], before: Option<u64>) -> Chat {
    Chat {
        messages: lines
            .iter()
            .map(|(ms, id, message)| line(*ms, *id, message))
            .collect(),
        before: before.map(cursor),
    }
}
