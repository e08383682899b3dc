//! The handle of whoever sends an outbox's messages.

use super::senders::SenderNotices;
use super::store::{OutboxStore, OutboxWork, StoredEntry, TakeRequest};
use super::texts;
use super::{OutboxBatch, OutboxEntry, OutboxOutcome};
use crate::mail::Mail;
use crate::redis::{LinkError, News};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tracing::error;

/// How long to wait when the outbox is empty, in case a hint was lost.
const IDLE: Duration = Duration::from_secs(10);

/// The messages that wait for one other cluster. Cheap to clone.
#[derive(Clone)]
pub struct Outbox {
    shared: Arc<Shared>,
}

struct Shared {
    mail: Mail,
    peer: String,
    /// Hints for [`Outbox::news`], from its first call on.
    news: OnceLock<News>,
    /// Hints for [`Outbox::free`], likewise.
    free: OnceLock<News>,
}

/// Why an outbox operation failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutboxError {
    /// Another instance is sending.
    #[error("another instance holds the lease")]
    NotHolder,
    /// Redis did not answer.
    #[error(transparent)]
    Link(#[from] LinkError),
}

impl Outbox {
    pub(in crate::mail) fn new(mail: Mail, peer: String) -> Self {
        let shared = Shared {
            mail,
            peer,
            news: OnceLock::new(),
            free: OnceLock::new(),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// The other cluster's name.
    #[must_use]
    pub fn peer(&self) -> &str {
        &self.shared.peer
    }

    /// Waits until there may be new messages, at most that long. One waiter per peer and instance.
    pub async fn news(&self, at_most: Duration) {
        let channel = self.shared.news_channel();
        self.shared.hear(&self.shared.news, &channel, at_most).await;
    }

    /// Waits until the lease is released, at most that long. One waiter per peer and instance.
    pub async fn free(&self, at_most: Duration) {
        let channel = self.shared.free_channel();
        self.shared.hear(&self.shared.free, &channel, at_most).await;
    }

    /// Takes or renews the lease and reads what is due: up to `entries_max` messages, and no more once they exceed
    /// `bytes_max`. Fails those that have waited too long. Settle the batch before the next call, or it comes again.
    ///
    /// # Errors
    /// [`OutboxError::NotHolder`], [`OutboxError::Link`].
    pub async fn take(
        &self,
        lease: Duration,
        entries_max: usize,
        bytes_max: usize,
    ) -> Result<OutboxBatch, OutboxError> {
        let kept = self.shared.mail.limits().outbox_for;
        let request = TakeRequest {
            instance: self.shared.mail.instance(),
            lease,
            entries_max,
            bytes_max,
            kept,
        };
        loop {
            match self.store().take(&request).await? {
                OutboxWork::NotHolder => return Err(OutboxError::NotHolder),
                OutboxWork::Expired(found) => {
                    self.give_up(self.readable(found).await?, kept).await?
                }
                OutboxWork::Untold(found) => self.tell(self.readable(found).await?).await?,
                OutboxWork::Nothing => {
                    let (entries, wait) = (Vec::new(), IDLE);
                    return Ok(OutboxBatch { entries, wait });
                }
                OutboxWork::Due(found, wait) => {
                    let entries = self.readable(found).await?;
                    return Ok(OutboxBatch { entries, wait });
                }
            }
        }
    }

    /// Renews the lease, during a slow call to the peer.
    ///
    /// # Errors
    /// [`OutboxError::NotHolder`], [`OutboxError::Link`].
    pub async fn hold(&self, lease: Duration) -> Result<(), OutboxError> {
        let instance = self.shared.mail.instance();
        match self.store().hold(instance, lease).await? {
            true => Ok(()),
            false => Err(OutboxError::NotHolder),
        }
    }

    /// Records the outcomes that the peer returned.
    ///
    /// # Errors
    /// [`OutboxError::Link`]: retry, or else the messages are sent again.
    pub async fn settle(
        &self,
        outcomes: Vec<(OutboxEntry, OutboxOutcome)>,
    ) -> Result<(), OutboxError> {
        if outcomes.is_empty() {
            return Ok(());
        }
        let mail = &self.shared.mail;
        let mut senders = SenderNotices::default();
        let mut settled = Vec::with_capacity(outcomes.len());
        for (entry, outcome) in &outcomes {
            let later = match outcome {
                OutboxOutcome::Stored => {
                    senders.taken(mail, entry);
                    None
                }
                OutboxOutcome::Later(reason) => {
                    let reason = texts::reason(reason);
                    senders.later(mail, entry, entry.attempts + 1, &reason);
                    Some(reason)
                }
                OutboxOutcome::Refused(reason) => {
                    senders.failed(mail, entry, entry.attempts + 1, texts::reason(reason));
                    None
                }
            };
            settled.push((entry, later));
        }
        senders.finish().await?;
        Ok(self.store().settle(&settled).await?)
    }

    /// Records that the peer accepted nothing, for a reason independent of the messages. It is left alone for a while,
    /// which grows with each failure and is at least `at_least`.
    ///
    /// # Errors
    /// As [`settle`](Self::settle).
    pub async fn postpone(
        &self,
        entries: Vec<OutboxEntry>,
        reason: &str,
        at_least: Duration,
    ) -> Result<(), OutboxError> {
        let reason = texts::reason(reason);
        let mail = &self.shared.mail;
        let mut senders = SenderNotices::default();
        for entry in &entries {
            senders.later(mail, entry, entry.attempts + 1, &reason);
        }
        senders.finish().await?;
        Ok(self.store().postpone(&entries, &reason, at_least).await?)
    }

    /// Releases the lease, at shutdown.
    ///
    /// # Errors
    /// [`OutboxError::Link`].
    pub async fn release(&self) -> Result<(), OutboxError> {
        let channel = self.shared.free_channel();
        let instance = self.shared.mail.instance();
        // Nothing to release if another instance has it by now.
        let _had = self.store().release(instance, &channel).await?;
        Ok(())
    }

    /// Tells senders why their messages wait before the first try.
    async fn tell(&self, entries: Vec<OutboxEntry>) -> Result<(), LinkError> {
        let Some(last) = entries.last() else {
            return Ok(());
        };
        let mail = &self.shared.mail;
        let mut senders = SenderNotices::default();
        for entry in &entries {
            senders.later(mail, entry, entry.attempts, &entry.reason);
        }
        senders.finish().await?;
        self.store().told(last).await
    }

    /// Fails messages that have waited that long.
    async fn give_up(&self, entries: Vec<OutboxEntry>, kept: Duration) -> Result<(), LinkError> {
        if entries.is_empty() {
            return Ok(());
        }
        let mail = &self.shared.mail;
        let mut senders = SenderNotices::default();
        for entry in &entries {
            let reason = texts::too_long(kept, &entry.reason);
            senders.failed(mail, entry, entry.attempts, reason);
        }
        senders.finish().await?;
        let places = entries.iter();
        let places: Vec<_> = places
            .map(|entry| (entry.cursor.to_string(), entry.message.to.to_string()))
            .collect();
        self.store().remove(&places).await
    }

    /// Parses messages; removes invalid ones so that they block nobody.
    async fn readable(&self, found: Vec<StoredEntry>) -> Result<Vec<OutboxEntry>, LinkError> {
        let (mut entries, mut unreadable) = (Vec::new(), Vec::new());
        for found in found {
            match found {
                StoredEntry::Entry(entry) => entries.push(entry),
                StoredEntry::Unreadable(at, to) => unreadable.push((at, to)),
            }
        }
        if !unreadable.is_empty() {
            error!(
                peer.name = self.peer(),
                count = unreadable.len(),
                "Dropped unreadable messages for {}; did another version run?",
                self.peer()
            );
            self.store().remove(&unreadable).await?;
        }
        Ok(entries)
    }

    fn store(&self) -> OutboxStore<'_> {
        let mail = &self.shared.mail;
        OutboxStore::new(mail.link(), mail.keys().mail_outbox(self.peer()))
    }
}

impl Shared {
    fn news_channel(&self) -> String {
        self.mail.keys().mail_outbox_changes(&self.peer)
    }

    fn free_channel(&self) -> String {
        self.mail.keys().mail_outbox(&self.peer) + "free"
    }

    async fn hear(&self, news: &OnceLock<News>, channel: &str, at_most: Duration) {
        let news = news.get_or_init(|| {
            let news = News::default();
            self.mail.link().follow(channel, &news);
            news
        });
        if tokio::time::timeout(at_most, news.come()).await.is_ok() {
            news.take();
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        if self.news.get().is_some() {
            self.mail.link().unfollow(&self.news_channel());
        }
        if self.free.get().is_some() {
            self.mail.link().unfollow(&self.free_channel());
        }
    }
}
