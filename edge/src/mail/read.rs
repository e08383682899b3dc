//! What an owner reads.

use super::claim::Proof;
use super::lookup::Reading;
use super::state::{self, StoredLetter};
use super::{Mail, MailError};
use protocol::{Conversation, Cursor, Inbox, Letter, MailAddress, Mailbox, Message};
use tracing::error;

/// Most letters that one call reads: 4 MiB of text at most.
const READ_MAX: usize = 1_000;

/// Whom a mailbox's owner writes with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversations {
    /// What is news.
    pub mailbox: Mailbox,
    /// The newest letter of each conversation, newest first.
    pub newest: Vec<Letter>,
}

impl Mail {
    /// Messages that came, oldest first: at most `limit` that came after `after`.
    ///
    /// # Errors
    /// [`MailError::NotOwner`], [`MailError::UnknownPlace`], [`MailError::Elsewhere`], [`MailError::Link`].
    pub async fn inbox(
        &self,
        address: MailAddress,
        proof: &Proof,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Inbox, MailError> {
        let address = self.home(address)?;
        let limit = limit.clamp(1, READ_MAX);
        let reading = Reading {
            address: &address,
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

    /// Everything in a mailbox, what its owner wrote as well, oldest first: at most `limit` entries after `after`.
    /// Without a proof for the operator, who has Redis anyway.
    ///
    /// # Errors
    /// As [`inbox`](Self::inbox).
    pub async fn letters(
        &self,
        address: MailAddress,
        proof: Option<&Proof>,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Vec<Letter>, MailError> {
        let address = self.home(address)?;
        let limit = limit.clamp(1, READ_MAX);
        let reading = Reading {
            address: &address,
            proof,
            only_came: false,
            after,
            limit,
        };
        Ok(self.read_on(reading).await?.1)
    }

    /// Reads until there is as much as was asked for, or no more; whether there may be more.
    async fn read_on(&self, mut reading: Reading<'_>) -> Result<(bool, Vec<Letter>), MailError> {
        let mut letters = Vec::new();
        loop {
            let (next, found) = self.store().read(&reading).await?.owned()?;
            reading.limit -= found.len().min(reading.limit);
            letters.extend(self.readable(reading.address, found));
            match next {
                Some(next) if reading.limit > 0 => reading.after = Some(next),
                next => return Ok((next.is_some(), letters)),
            }
        }
    }

    /// What is news in a mailbox, and the newest letters of its conversations: at most `limit`.
    ///
    /// # Errors
    /// As [`inbox`](Self::inbox).
    pub async fn talks(
        &self,
        address: MailAddress,
        proof: &Proof,
        limit: usize,
    ) -> Result<Conversations, MailError> {
        let address = self.home(address)?;
        let limit = limit.clamp(1, READ_MAX);
        let letters = state::LETTERS_MAX + 1;
        let answer = self.store().mailbox(&address, Some(proof), letters, limit);
        let mut found = answer.await?.owned()?;
        let newest = self.readable(&address, std::mem::take(&mut found.4));
        let mailbox = state::mailbox(&address, found);
        Ok(Conversations { mailbox, newest })
    }

    /// What of a mailbox is news, for whoever asks.
    pub(super) async fn news(&self, address: &MailAddress) -> Result<Mailbox, MailError> {
        let letters = state::LETTERS_MAX + 1;
        let answer = self.store().mailbox(address, None, letters, 0).await?;
        Ok(state::mailbox(address, answer.owned()?))
    }

    /// The newest letters of a conversation, or the newest of those up to `before`, that one included: at most
    /// `limit`.
    ///
    /// # Errors
    /// As [`inbox`](Self::inbox).
    pub async fn conversation(
        &self,
        (address, proof): (MailAddress, &Proof),
        with: MailAddress,
        before: Option<Cursor>,
        limit: usize,
    ) -> Result<Conversation, MailError> {
        let address = self.home(address)?;
        let with = self.locate(with)?.0;
        let limit = limit.clamp(1, READ_MAX);
        let asked = self
            .store()
            .conversation((&address, proof), &with, before, limit);
        let (before, found) = asked.await?.owned()?;
        let mut letters = self.readable(&address, found);
        letters.reverse();
        Ok(Conversation { letters, before })
    }

    /// Marks a conversation as seen, of which `newest` is the newest letter that was shown. Where there is a newer one
    /// by now, all stays unseen: whoever shows that one marks it.
    ///
    /// # Errors
    /// As [`inbox`](Self::inbox).
    pub async fn mark_seen(
        &self,
        address: MailAddress,
        proof: &Proof,
        with: MailAddress,
        newest: Cursor,
    ) -> Result<(), MailError> {
        let address = self.home(address)?;
        let with = self.locate(with)?.0;
        let answer = self.store().mark_seen(&address, proof, &with, newest);
        answer.await?.owned().map(drop)
    }

    /// Those that can be read: others must not keep them from it.
    fn readable(&self, address: &MailAddress, found: Vec<StoredLetter>) -> Vec<Letter> {
        let count = found.len();
        let letters: Vec<_> = found
            .iter()
            .filter_map(|stored| state::letter(address, stored))
            .collect();
        if letters.len() < count {
            error!("Letters of a mailbox cannot be read; is another version running?");
        }
        letters
    }
}
