//! Calls the scripts of mail that read.

use super::claim::Proof;
use super::scripts::{Answer, answer, cursor, ms, prove};
use super::state::{StoredBox, StoredLetter};
use super::store::Store;
use crate::redis::LinkError;
use protocol::{Cursor, MailAddress};

/// Entries that one call looks at: about a millisecond's work.
const LOOKED_AT_MAX: usize = 1_000;
/// Correspondents with unseen letters, and waiting letters, that are told of at most.
const NEWS_MAX: usize = 100;

/// What is read of a mailbox's letters.
pub(super) struct Reading<'a> {
    pub(super) address: &'a MailAddress,
    /// Nothing where whoever asks may read.
    pub(super) proof: Option<&'a Proof>,
    /// Whether what the owner wrote is left out.
    pub(super) only_came: bool,
    pub(super) after: Option<Cursor>,
    pub(super) limit: usize,
}

/// Letters, and where the reading goes on; nothing where there are no more.
pub(super) type Part = (Option<Cursor>, Vec<StoredLetter>);

impl Store {
    /// Reads letters, oldest first. There may be fewer than asked for, and more all the same.
    pub(super) async fn read(&self, reading: &Reading<'_>) -> Result<Answer<Part>, LinkError> {
        let value = self
            .call(&self.scripts.read, reading.address, |call| {
                prove(call, reading.proof);
                call.arg(ms(self.kept_for))
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

    /// What of a mailbox is news, with at most so many letters, and the newest letters of so many conversations.
    pub(super) async fn mailbox(
        &self,
        address: &MailAddress,
        proof: Option<&Proof>,
        letters: usize,
        talks: usize,
    ) -> Result<Answer<StoredBox>, LinkError> {
        let value = self
            .call(&self.scripts.mailbox, address, |call| {
                prove(call, proof);
                call.arg(ms(self.kept_for))
                    .arg(u8::from(proof.is_none()))
                    .arg(letters)
                    .arg(talks)
                    .arg(NEWS_MAX);
            })
            .await?;
        answer(value)
    }

    /// Reads a conversation, newest letter first.
    pub(super) async fn conversation(
        &self,
        (address, proof): (&MailAddress, &Proof),
        with: &MailAddress,
        before: Option<Cursor>,
        limit: usize,
    ) -> Result<Answer<Part>, LinkError> {
        let value = self
            .call(&self.scripts.conversation, address, |call| {
                prove(call, Some(proof));
                call.arg(ms(self.kept_for))
                    .arg(with.to_string())
                    .arg(before.map_or_else(String::new, |before| before.to_string()))
                    .arg(limit);
            })
            .await?;
        answer(value)?.read(part)
    }
}

fn part((next, letters): (String, Vec<StoredLetter>)) -> Result<Part, LinkError> {
    let next = match next.as_str() {
        "" => None,
        next => Some(cursor(next)?),
    };
    Ok((next, letters))
}
