//! Reading one's mail.

use super::claim::Credentials;
use super::scripts::{add_credentials, cursor, cursor_or_none, mail_script, owned};
use super::state::{self, StoredLetter, StoredMailbox};
use super::{Mail, MailError};
use crate::PersonId;
use crate::redis::{Script, as_ms};
use protocol::{Conversation, Cursor, Inbox, Letter, MailAddress, Mailbox, Message};
use redis::Value;
use std::sync::LazyLock;
use tracing::error;

/// The most letters that one call reads: up to 4 MiB of text.
const READ_MAX: usize = 1_000;
/// The most entries that one call looks at: about a millisecond's work.
const LOOKED_AT_MAX: usize = 1_000;
/// The most correspondents with unseen letters, and the most waiting letters, to return.
const NEWS_MAX: usize = 100;

static READ: LazyLock<Script> = mail_script!("prelude.lua", "owner.lua", "kept.lua", "read.lua");
static MAILBOX: LazyLock<Script> = mail_script!(
    "prelude.lua",
    "owner.lua",
    "kept.lua",
    "unread.lua",
    "mailbox.lua"
);
static CONVERSATION: LazyLock<Script> = mail_script!(
    "prelude.lua",
    "owner.lua",
    "kept.lua",
    "index.lua",
    "drop.lua",
    "conversation.lua"
);
static SEEN: LazyLock<Script> = mail_script!("prelude.lua", "owner.lua", "seen.lua");

/// Which of a mailbox's letters to read.
struct ReadRequest<'a> {
    address: MailAddress,
    /// `None` skips the check.
    proof: Option<&'a Credentials>,
    /// Whether to leave out what the owner wrote.
    only_came: bool,
    after: Option<Cursor>,
    limit: usize,
}

/// Letters, and the cursor to continue from; `None` at the end.
type LetterPage = (Option<Cursor>, Vec<StoredLetter>);

/// A mailbox and its conversations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversations {
    /// The mailbox's newest state.
    pub mailbox: Mailbox,
    /// The newest letter of each conversation, newest first.
    pub newest: Vec<Letter>,
}

impl Mail {
    /// Messages that came after `after`, oldest first, up to `limit`.
    ///
    /// # Errors
    /// [`MailError::NotOwner`], [`MailError::UnknownPlace`], [`MailError::Elsewhere`], [`MailError::Link`].
    pub async fn inbox(
        &self,
        address: MailAddress,
        proof: &Credentials,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Inbox, MailError> {
        let reading = ReadRequest {
            address,
            proof: Some(proof),
            only_came: true,
            after,
            limit,
        };
        let (more, letters) = self.read_on(reading).await?;
        let messages: Vec<Message> = letters.into_iter().map(|letter| letter.message).collect();
        Ok(Inbox {
            next: messages.last().map(|message| message.cursor).or(after),
            messages,
            more,
        })
    }

    /// All letters after `after`, including those that the owner wrote, oldest first, up to `limit`. Without credentials
    /// for operators, who have access to Redis anyway.
    ///
    /// # Errors
    /// As [`inbox`](Self::inbox).
    pub async fn letters(
        &self,
        address: MailAddress,
        proof: Option<&Credentials>,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Vec<Letter>, MailError> {
        let reading = ReadRequest {
            address,
            proof,
            only_came: false,
            after,
            limit,
        };
        Ok(self.read_on(reading).await?.1)
    }

    /// Reads until the limit or the end; returns whether there may be more.
    async fn read_on(
        &self,
        mut reading: ReadRequest<'_>,
    ) -> Result<(bool, Vec<Letter>), MailError> {
        reading.address = self.home(reading.address)?;
        reading.limit = reading.limit.clamp(1, READ_MAX);
        let mut letters = Vec::new();
        loop {
            let (next, found) = self.read_part(&reading).await?;
            reading.limit -= found.len().min(reading.limit);
            letters.extend(self.readable(&reading.address, found));
            match next {
                Some(next) if reading.limit > 0 => reading.after = Some(next),
                next => return Ok((next.is_some(), letters)),
            }
        }
    }

    /// It may return fewer letters than the limit although there are more.
    async fn read_part(&self, reading: &ReadRequest<'_>) -> Result<LetterPage, MailError> {
        let value = self
            .call(&READ, &reading.address, |call| {
                add_credentials(call, reading.proof);
                call.arg(as_ms(self.limits().kept_for))
                    .arg(u8::from(reading.proof.is_none()))
                    .arg(u8::from(reading.only_came))
                    .arg(cursor_or_none(reading.after))
                    .arg(reading.limit)
                    .arg(LOOKED_AT_MAX);
            })
            .await?;
        page(value)
    }

    /// A mailbox's state, and the newest letter of each conversation, up to `limit`.
    ///
    /// # Errors
    /// As [`inbox`](Self::inbox).
    pub async fn conversations(
        &self,
        address: MailAddress,
        proof: &Credentials,
        limit: usize,
    ) -> Result<Conversations, MailError> {
        let address = self.home(address)?;
        let limit = limit.clamp(1, READ_MAX);
        let parts = (state::LETTERS_MAX, limit);
        let mut found = self.mailbox(&address, Some(proof), parts).await?;
        let newest = self.readable(&address, std::mem::take(&mut found.4));
        let mailbox = state::mailbox(&address, found);
        Ok(Conversations { mailbox, newest })
    }

    /// A mailbox's state, without a check.
    pub(super) async fn news(&self, address: &MailAddress) -> Result<Mailbox, MailError> {
        let found = self.mailbox(address, None, (state::LETTERS_MAX, 0)).await?;
        Ok(state::mailbox(address, found))
    }

    /// How many letters of a person's mailbox are unseen.
    pub(super) async fn unread(
        &self,
        address: &MailAddress,
        person: PersonId,
    ) -> Result<u32, MailError> {
        let proof = Credentials::from(person);
        let (_, _, unread, ..) = self.mailbox(address, Some(&proof), (0, 0)).await?;
        Ok(unread.iter().map(|(_, count)| count).sum())
    }

    /// Reads a mailbox's state, with so many letters, and the newest letter of so many conversations.
    async fn mailbox(
        &self,
        address: &MailAddress,
        proof: Option<&Credentials>,
        (letters, conversations): (usize, usize),
    ) -> Result<StoredMailbox, MailError> {
        let value = self
            .call(&MAILBOX, address, |call| {
                add_credentials(call, proof);
                call.arg(as_ms(self.limits().kept_for))
                    .arg(u8::from(proof.is_none()))
                    .arg(letters + 1)
                    .arg(conversations)
                    .arg(NEWS_MAX);
            })
            .await?;
        owned(value)
    }

    /// The newest letters of a conversation, or the newest up to and including `before`; up to `limit`.
    ///
    /// # Errors
    /// As [`inbox`](Self::inbox).
    pub async fn conversation(
        &self,
        (address, proof): (MailAddress, &Credentials),
        with: MailAddress,
        before: Option<Cursor>,
        limit: usize,
    ) -> Result<Conversation, MailError> {
        let address = self.home(address)?;
        let with = self.locate(with)?.0;
        let value = self
            .call(&CONVERSATION, &address, |call| {
                add_credentials(call, Some(proof));
                call.arg(as_ms(self.limits().kept_for))
                    .arg(with.to_string())
                    .arg(cursor_or_none(before))
                    .arg(limit.clamp(1, READ_MAX))
                    .arg(self.limits().kept_max.max(1));
            })
            .await?;
        let (before, found) = page(value)?;
        let mut letters = self.readable(&address, found);
        letters.reverse();
        Ok(Conversation { letters, before })
    }

    /// Marks a conversation as seen if `newest` is still its newest letter. Otherwise it stays unseen, and the page that
    /// shows the newer letter marks it.
    ///
    /// # Errors
    /// As [`inbox`](Self::inbox).
    pub async fn mark_seen(
        &self,
        address: MailAddress,
        proof: &Credentials,
        with: MailAddress,
        newest: Cursor,
    ) -> Result<(), MailError> {
        let address = self.home(address)?;
        let with = self.locate(with)?.0;
        let value = self
            .call(&SEEN, &address, |call| {
                call.confirm();
                add_credentials(call, Some(proof));
                call.arg(with.to_string()).arg(newest.to_string());
            })
            .await?;
        owned::<String>(value).map(drop)
    }

    /// Parses letters; invalid ones are skipped so that they do not block the others.
    fn readable(&self, address: &MailAddress, found: Vec<StoredLetter>) -> Vec<Letter> {
        let count = found.len();
        let letters: Vec<_> = found
            .iter()
            .filter_map(|stored| state::letter(address, stored))
            .collect();
        if letters.len() < count {
            error!("Failed to parse letters of a mailbox; is another version running?");
        }
        letters
    }
}

fn page(value: Value) -> Result<LetterPage, MailError> {
    let (next, letters): (String, _) = owned(value)?;
    let next = match next.as_str() {
        "" => None,
        next => Some(cursor(next)?),
    };
    Ok((next, letters))
}
