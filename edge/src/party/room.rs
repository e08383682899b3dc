//! Parties' rooms as sessions show them.

use super::Parties;
use super::chat::Part;
use crate::hub::{Source, Watches, encode};
use crate::redis::LinkError;
use bytes::Bytes;
use protocol::live::ServerFrame;
use protocol::{PartyChat, PartyCode};

/// Lines that a frame tells at most.
const LINES_MAX: usize = 50;
/// Bytes of lines that a frame has at most, save for a single line.
const BYTES_MAX: usize = 64 << 10;

/// What frames tell of parties' rooms.
pub(crate) struct RoomSource(pub(crate) Parties);

impl Source for RoomSource {
    type Key = PartyCode;

    const NAME: &'static str = "Rooms";
    /// A script holds up all of Redis; the longest lines of this many take some milliseconds.
    const READ_MAX: usize = 10;

    fn watches(&self) -> &Watches<PartyCode> {
        self.0.rooms().watches()
    }

    async fn read(&self, codes: &[PartyCode]) -> Result<Vec<Option<Bytes>>, LinkError> {
        let part = Part {
            up_to: None,
            lines_max: LINES_MAX,
            bytes_max: BYTES_MAX,
        };
        let found = self.0.rooms().read(self.0.store(), codes, part).await?;
        let frame = |(code, chat): (&PartyCode, Option<PartyChat>)| {
            let (party_code, chat) = (*code, fitting(chat?));
            encode(&ServerFrame::Chat { party_code, chat })
        };
        Ok(codes.iter().zip(found).map(frame).collect())
    }

    fn count_frame(&self) {
        self.0.count_frame();
    }
}

/// The newest lines of these that a frame has room for: JSON may need six bytes for one.
fn fitting(mut chat: PartyChat) -> PartyChat {
    let mut bytes = 0;
    let fits = chat.lines.iter().rev().take_while(|line| {
        bytes += serde_json::to_string(line).map_or(0, |json| json.len() + 1);
        bytes <= BYTES_MAX
    });
    let left_out = chat.lines.len() - fits.count().max(1).min(chat.lines.len());
    if let Some(last) = chat.lines.drain(..left_out).next_back() {
        chat.before = Some(last.cursor);
    }
    chat
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{Cursor, MessageText, PartyLine};

    fn chat(count: u32, text: &str) -> PartyChat {
        let line = |number| PartyLine {
            cursor: Cursor::parse(&format!("{number}-0")).unwrap(),
            participant_id: 1,
            participant_name: "Ann".into(),
            message: MessageText::parse(text).unwrap(),
            sent_at: "2026-05-01T18:30:00.000Z".into(),
        };
        PartyChat {
            lines: (1..=count).map(line).collect(),
            before: None,
        }
    }

    #[test]
    fn a_frame_has_as_many_of_the_newest_lines_as_fit() {
        assert_eq!(fitting(chat(50, "hi")), chat(50, "hi"));
        assert_eq!(fitting(PartyChat::default()), PartyChat::default());

        let long = fitting(chat(10, &"\u{1}".repeat(4096)));

        assert_eq!(long.lines.len(), 2);
        assert_eq!(long.lines[1].cursor.ms(), 10);
        assert_eq!(long.before, Cursor::parse("8-0").ok());
        assert!(serde_json::to_string(&long).unwrap().len() < 65 << 10);
    }
}
