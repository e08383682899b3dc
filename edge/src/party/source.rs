//! Parties and their chats as sessions watch them.

use super::chat::ChatRange;
use super::{Parties, PartyError};
use crate::PersonId;
use crate::hub::{Personal, PersonalSource, Source, Update, Viewer, WatchError};
use crate::redis::LinkError;
use protocol::{Chat, ChatTopic, Party, PartyCode, PartyTopic, UnreadMessagesTopic};

/// Messages that a frame holds at most.
const MESSAGES_MAX: usize = 50;
/// Bytes of messages that a frame holds at most, save for a single one.
const BYTES_MAX: usize = 64 << 10;

/// Parties as a source of frames.
pub(crate) struct PartySource(pub(crate) Parties);

impl Source for PartySource {
    type Topic = PartyTopic;

    /// A script blocks all of Redis; this many take about a millisecond.
    const LOAD_MAX: usize = 20;

    async fn admit(&self, viewer: &Viewer, code: PartyCode) -> Result<PartyCode, WatchError> {
        admit(&self.0, viewer, code).await
    }

    fn channel(&self, code: &PartyCode) -> Option<String> {
        Some(self.0.shared.keys.party_changes(*code))
    }

    async fn load(
        &self,
        codes: &[PartyCode],
    ) -> Result<Vec<Option<Update<Option<Party>>>>, LinkError> {
        let parties = self.0.look(codes).await?;
        Ok(parties
            .into_iter()
            .map(|party| Some(party.into()))
            .collect())
    }
}

/// Parties' chats as a source of frames.
pub(crate) struct ChatSource(pub(crate) Parties);

impl Source for ChatSource {
    type Topic = ChatTopic;

    /// A script blocks all of Redis; the longest messages of this many take some milliseconds.
    const LOAD_MAX: usize = 10;

    async fn admit(&self, viewer: &Viewer, code: PartyCode) -> Result<PartyCode, WatchError> {
        admit(&self.0, viewer, code).await
    }

    fn channel(&self, code: &PartyCode) -> Option<String> {
        Some(self.0.shared.keys.party_chats(*code))
    }

    async fn load(&self, codes: &[PartyCode]) -> Result<Vec<Option<Update<Chat>>>, LinkError> {
        let range = ChatRange {
            up_to: None,
            messages_max: MESSAGES_MAX,
            bytes_max: BYTES_MAX,
        };
        let chats = self.0.chats(codes, range).await?;
        Ok(chats
            .into_iter()
            .map(|chat| Some(fitting(chat?).into()))
            .collect())
    }
}

/// How many chat messages people have not seen, as a source of frames.
pub(crate) struct UnreadMessagesSource(pub(crate) Parties);

impl PersonalSource for UnreadMessagesSource {
    type Topic = UnreadMessagesTopic;

    /// A script blocks all of Redis; this many take about a millisecond.
    const LOAD_MAX: usize = 300;

    fn channel(&self, person: PersonId) -> String {
        self.0.shared.keys.party_unread(person)
    }

    async fn load(
        &self,
        persons: Vec<PersonId>,
    ) -> Result<Vec<Option<Personal<UnreadMessagesTopic>>>, LinkError> {
        let told = |state| Some(Personal { state, also: None });
        let counts = self.0.unread(&persons).await?.into_iter();
        Ok(counts.map(told).collect())
    }
}

/// Anyone who knows a code may watch its party; codes cannot be guessed. Of a code without a party, nothing is shown
/// until there is one; while Redis is away, the party is shown once it is back.
async fn admit(
    parties: &Parties,
    viewer: &Viewer,
    code: PartyCode,
) -> Result<PartyCode, WatchError> {
    let Some(misses) = &viewer.misses else {
        return Ok(code);
    };
    let may = parties.may_name(misses.as_ref(), Some(viewer.person), code);
    if let Err(PartyError::TooManyMisses(seconds)) = may.await {
        return Err(WatchError::TooManyMisses(seconds));
    }
    if matches!(parties.show(code).await, Err(PartyError::Unknown)) {
        parties.missed(misses.as_ref());
    }
    Ok(code)
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

        let long = fitting(chat(10, &("\u{1}".repeat(4095) + ".")));

        assert_eq!(long.messages.len(), 2);
        assert_eq!(long.messages[1].cursor.ms(), 10);
        assert_eq!(long.before, Cursor::parse("8-0").ok());
        assert!(serde_json::to_string(&long).unwrap().len() < 65 << 10);
    }
}
