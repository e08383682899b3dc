//! Calls the scripts that read mailboxes.

use super::claim::Credentials;
use super::scripts::{Answer, add_credentials, answer, cursor};
use super::state::{StoredLetter, StoredMailbox};
use super::store::MailStore;
use crate::redis::{LinkError, as_ms};
use protocol::{Cursor, MailAddress};

/// The most entries that one call looks at: about a millisecond's work.
const LOOKED_AT_MAX: usize = 1_000;
/// The most correspondents with unseen letters, and the most waiting letters, to return.
const NEWS_MAX: usize = 100;

/// Which of a mailbox's letters to read.
pub(super) struct ReadRequest<'a> {
    pub(super) address: &'a MailAddress,
    /// `None` skips the check.
    pub(super) proof: Option<&'a Credentials>,
    /// Whether to leave out what the owner wrote.
    pub(super) only_came: bool,
    pub(super) after: Option<Cursor>,
    pub(super) limit: usize,
}

/// Letters, and the cursor to continue from; `None` at the end.
pub(super) type LetterPage = (Option<Cursor>, Vec<StoredLetter>);

impl MailStore {
    /// Reads letters, oldest first. It may return fewer than the limit although there are more.
    pub(super) async fn read(
        &self,
        reading: &ReadRequest<'_>,
    ) -> Result<Answer<LetterPage>, LinkError> {
        let value = self
            .call(&self.scripts.read, reading.address, |call| {
                add_credentials(call, reading.proof);
                call.arg(as_ms(self.kept_for))
                    .arg(u8::from(reading.proof.is_none()))
                    .arg(u8::from(reading.only_came))
                    .arg(
                        reading
                            .after
                            .map_or_else(String::new, |after| after.to_string()),
                    )
                    .arg(reading.limit)
                    .arg(LOOKED_AT_MAX);
            })
            .await?;
        answer(value)?.read(part)
    }

    /// Reads a mailbox's state, with up to `letters` letters and the newest letter of up to `conversations` conversations.
    pub(super) async fn mailbox(
        &self,
        address: &MailAddress,
        proof: Option<&Credentials>,
        letters: usize,
        conversations: usize,
    ) -> Result<Answer<StoredMailbox>, LinkError> {
        let value = self
            .call(&self.scripts.mailbox, address, |call| {
                add_credentials(call, proof);
                call.arg(as_ms(self.kept_for))
                    .arg(u8::from(proof.is_none()))
                    .arg(letters)
                    .arg(conversations)
                    .arg(NEWS_MAX);
            })
            .await?;
        answer(value)
    }

    /// Reads a conversation, newest letter first.
    pub(super) async fn conversation(
        &self,
        (address, proof): (&MailAddress, &Credentials),
        with: &MailAddress,
        before: Option<Cursor>,
        limit: usize,
    ) -> Result<Answer<LetterPage>, LinkError> {
        let value = self
            .call(&self.scripts.conversation, address, |call| {
                add_credentials(call, Some(proof));
                call.arg(as_ms(self.kept_for))
                    .arg(with.to_string())
                    .arg(before.map_or_else(String::new, |before| before.to_string()))
                    .arg(limit);
            })
            .await?;
        answer(value)?.read(part)
    }
}

fn part((next, letters): (String, Vec<StoredLetter>)) -> Result<LetterPage, LinkError> {
    let next = match next.as_str() {
        "" => None,
        next => Some(cursor(next)?),
    };
    Ok((next, letters))
}
