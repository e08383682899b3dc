//! Reading one's mail.

use super::claim::Credentials;
use super::lookup::ReadRequest;
use super::state::{self, StoredLetter};
use super::{Mail, MailError};
use protocol::{Conversation, Cursor, Inbox, Letter, MailAddress, Mailbox, Message};
use tracing::error;

/// The most letters that one call reads: up to 4 MiB of text.
const READ_MAX: usize = 1_000;

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
        let address = self.home(address)?;
        let limit = limit.clamp(1, READ_MAX);
        let reading = ReadRequest {
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
        let address = self.home(address)?;
        let limit = limit.clamp(1, READ_MAX);
        let reading = ReadRequest {
            address: &address,
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
        let letters = state::LETTERS_MAX + 1;
        let answer = self.store().mailbox(&address, Some(proof), letters, limit);
        let mut found = answer.await?.owned()?;
        let newest = self.readable(&address, std::mem::take(&mut found.4));
        let mailbox = state::mailbox(&address, found);
        Ok(Conversations { mailbox, newest })
    }

    /// A mailbox's state, without a check.
    pub(super) async fn news(&self, address: &MailAddress) -> Result<Mailbox, MailError> {
        let letters = state::LETTERS_MAX + 1;
        let answer = self.store().mailbox(address, None, letters, 0).await?;
        Ok(state::mailbox(address, answer.owned()?))
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
        let limit = limit.clamp(1, READ_MAX);
        let asked = self
            .store()
            .conversation((&address, proof), &with, before, limit);
        let (before, found) = asked.await?.owned()?;
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
        let answer = self.store().mark_seen(&address, proof, &with, newest);
        answer.await?.owned().map(drop)
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
