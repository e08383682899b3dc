//! Parties' chats as sessions watch them.

use super::Parties;
use super::chat::Part;
use crate::hub::{Source, Watches, encode};
use crate::redis::LinkError;
use bytes::Bytes;
use protocol::live::ServerFrame;
use protocol::{Chat, PartyCode};

/// Messages that a frame holds at most.
const MESSAGES_MAX: usize = 50;
/// Bytes of messages that a frame holds at most, save for a single one.
const BYTES_MAX: usize = 64 << 10;

/// Chats as a source of frames.
pub(crate) struct ChatSource(pub(crate) Parties);

impl Source for ChatSource {
    type Key = PartyCode;

    const NAME: &'static str = "Chats";
    /// A script holds up all of Redis; the longest messages of this many take some milliseconds.
    const READ_MAX: usize = 10;

    fn watches(&self) -> &Watches<PartyCode> {
        self.0.chats().watches()
    }

    async fn read(&self, codes: &[PartyCode]) -> Result<Vec<Option<Bytes>>, LinkError> {
        let part = Part {
            up_to: None,
            messages_max: MESSAGES_MAX,
            bytes_max: BYTES_MAX,
        };
        let found = self.0.chats().read(self.0.store(), codes, part).await?;
        let frame = |(code, chat): (&PartyCode, Option<Chat>)| {
            let (party_code, chat) = (*code, fitting(chat?));
            encode(&ServerFrame::Chat { party_code, chat })
        };
        Ok(codes.iter().zip(found).map(frame).collect())
    }

    fn count_frame(&self) {
        self.0.count_frame();
    }
}

/// The newest of these messages that a frame has room for: JSON may need six bytes for one.
fn fitting(mut chat: Chat) -> Chat {
    let mut bytes = 0;
    let fits = chat.messages.iter().rev().take_while(|message| {
        bytes += serde_json::to_string(message).map_or(0, |json| json.len() + 1);
        bytes <= BYTES_MAX
    });
    let left_out = chat.messages.len() - fits.count().max(1).min(chat.messages.len());
    if let Some(last) = chat.messages.drain(..left_out).next_back() {
        chat.before = Some(last.cursor);
    }
    chat
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{ChatMessage, Cursor, MessageText};

    fn chat(count: u32, text: &str) -> Chat {
        let message = |number: u32| ChatMessage {
            id: protocol::MessageId::of(number.into()),
            cursor: Cursor::parse(&format!("{number}-0")).unwrap(),
            participant_id: 1,
            participant_name: "Ann".into(),
            message: MessageText::parse(text).unwrap(),
            sent_at: "2026-05-01T18:30:00.000Z".into(),
        };
        Chat {
            messages: (1..=count).map(message).collect(),
            before: None,
        }
    }

    #[test]
    fn a_frame_has_as_many_of_the_newest_messages_as_fit() {
        assert_eq!(fitting(chat(50, "hi")), chat(50, "hi"));
        assert_eq!(fitting(Chat::default()), Chat::default());

        let long = fitting(chat(10, &"\u{1}".repeat(4096)));

        assert_eq!(long.messages.len(), 2);
        assert_eq!(long.messages[1].cursor.ms(), 10);
        assert_eq!(long.before, Cursor::parse("8-0").ok());
        assert!(serde_json::to_string(&long).unwrap().len() < 65 << 10);
    }
}
