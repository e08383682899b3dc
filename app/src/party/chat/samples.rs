//! Chats for tests.

use protocol::{Chat, ChatMessage, Cursor, MessageId, MessageText};

/// Messages by their time, participant and text, after that one or none.
pub(crate) fn chat(messages: &[(u64, u32, &str)], before: Option<u64>) -> Chat {
    let cursor = |ms| Cursor::parse(&format!("{ms}-0")).unwrap();
    let message = |(ms, participant_id, text): &(u64, u32, &str)| ChatMessage {
        id: MessageId::of((*ms).into()),
        cursor: cursor(*ms),
        participant_id: *participant_id,
        participant_name: format!("Guest {participant_id}"),
        message: MessageText::parse(text).unwrap(),
        sent_at: "2026-11-21T12:00:00.000Z".into(),
    };
    Chat {
        messages: messages.iter().map(message).collect(),
        before: before.map(cursor),
    }
}
