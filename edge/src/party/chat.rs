//! Parties' chats.

use super::handle::party_script;
use super::state::{self, StoredChat};
use super::{Parties, PartyError};
use crate::PersonId;
use crate::redis::{LinkError, Script, as_ms, unreadable};
use protocol::{CHAT_KEPT, Chat, ChatMessage, Cursor, MessageId, MessageText, PartyCode};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// The most messages that one call reads.
const MESSAGES_MAX: usize = 200;
/// The most bytes of text that one call reads, unless a single message is longer: a script blocks all of Redis.
const BYTES_MAX: usize = 1 << 20;
/// How long idempotency keys are remembered: longer than any page retries.
const RETRIES_FOR: Duration = Duration::from_secs(24 * 3600);

/// How long a chat keeps messages, where its party lasts for as long.
const KEPT_FOR: Duration = Duration::from_secs(30 * 24 * 3600);

static SEND: LazyLock<Script> = party_script!("send.lua");
static READ: LazyLock<Script> = party_script!("chat.lua");

/// A range of a chat's messages.
#[derive(Clone, Copy)]
pub(super) struct ChatRange {
    /// The last of them; `None` for the newest.
    pub(super) up_to: Option<Cursor>,
    pub(super) messages_max: usize,
    pub(super) bytes_max: usize,
}

impl Parties {
    /// Sends a message to the party's chat, as the participant that the person is.
    ///
    /// With an idempotency key (1 to 128 bytes), sending the same text again within a day returns the same message.
    ///
    /// # Errors
    /// [`PartyError::Unknown`], [`PartyError::NotIn`], [`PartyError::KeyReused`], [`PartyError::Link`]; after the
    /// last it may have been sent: retry with the same key.
    pub async fn send_message(
        &self,
        code: PartyCode,
        person: PersonId,
        text: MessageText,
        key: Option<&str>,
    ) -> Result<ChatMessage, PartyError> {
        let id = match key {
            Some(key) => id_of_key(person, key),
            None => MessageId::of(rand::random()),
        };
        let remember_ms = key.map_or(0, |_| as_ms(RETRIES_FOR));
        let started = Instant::now();
        let (participant, name, cursor): (i64, String, String) = self
            .call(&SEND, |call| {
                call.confirm();
                call.arg(code.to_string())
                    .arg(person.member())
                    .arg(text.as_str())
                    .arg(CHAT_KEPT)
                    .arg(id.as_str())
                    .arg(remember_ms)
                    .arg(as_ms(KEPT_FOR));
            })
            .await?;
        let participant = self.participant(participant)?;
        self.shared.timings.note(person, code, started.elapsed());
        let message = state::message((cursor, participant, name, text.into(), id.into()));
        Ok(message.ok_or_else(|| unreadable("a chat message"))?)
    }

    /// The newest messages of the party's chat, or the newest up to and including `before`: at most `limit`, and
    /// never more than 200.
    ///
    /// # Errors
    /// [`PartyError::Unknown`], [`PartyError::Link`].
    pub async fn chat(
        &self,
        code: PartyCode,
        before: Option<Cursor>,
        limit: usize,
    ) -> Result<Chat, PartyError> {
        let part = ChatRange {
            up_to: before,
            messages_max: limit.min(MESSAGES_MAX),
            bytes_max: BYTES_MAX,
        };
        let chats = self.chats(&[code], part).await?;
        let chat = chats.into_iter().flatten().next();
        chat.ok_or(PartyError::Unknown)
    }

    /// Reads a range of these parties' chats, in this order; `None` for unknown parties.
    pub(super) async fn chats(
        &self,
        codes: &[PartyCode],
        part: ChatRange,
    ) -> Result<Vec<Option<Chat>>, LinkError> {
        let up_to = part
            .up_to
            .map_or_else(|| "+".into(), |cursor| cursor.to_string());
        let found: Vec<StoredChat> = self
            .call(&READ, |call| {
                call.arg(up_to).arg(part.messages_max).arg(part.bytes_max);
                for code in codes {
                    call.arg(code.to_string());
                }
            })
            .await?;
        let read = |chat| state::chat(chat, part.messages_max, part.bytes_max);
        Ok(found.into_iter().map(read).collect())
    }
}

/// The id of a person's message with that key: half of a SHA-256 over both.
fn id_of_key(person: PersonId, key: &str) -> MessageId {
    let digest = Sha256::new()
        .chain_update(person.member())
        .chain_update(key)
        .finalize();
    let number = digest
        .iter()
        .take(16)
        .fold(0, |number: u128, byte| number << 8 | u128::from(*byte));
    MessageId::of(number)
}
