//! The handle through which an outbox is emptied.

use super::senders::Senders;
use super::store::{Found, Store, Taken, Taking};
use super::words;
use super::{OutboxBatch, OutboxEntry, OutboxOutcome};
use crate::mail::Mail;
use crate::redis::{LinkError, News};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tracing::error;

/// When to look again where nothing waits. News come sooner; this is for those that are lost.
const IDLE: Duration = Duration::from_secs(10);

/// What waits for one other cluster, from this instance. A cheap clone.
#[derive(Clone)]
pub struct Outbox {
    shared: Arc<Shared>,
}

struct Shared {
    mail: Mail,
    peer: String,
    /// Brings what [`Outbox::news`] waits for, once it is waited for.
    news: OnceLock<News>,
    /// The same of [`Outbox::free`].
    free: OnceLock<News>,
}

/// Why an outbox cannot do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutboxError {
    /// Another instance sends now.
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

    /// Waits until there may be something new to send, or until that long has passed. One waiter for each peer and
    /// instance.
    pub async fn news(&self, at_most: Duration) {
        let channel = self.shared.news_channel();
        self.shared.hear(&self.shared.news, &channel, at_most).await;
    }

    /// Waits until the lease was given back, or until that long has passed. One waiter for each peer and instance.
    pub async fn free(&self, at_most: Duration) {
        let channel = self.shared.free_channel();
        self.shared.hear(&self.shared.free, &channel, at_most).await;
    }

    /// Takes or renews the lease, for that long, and reads what is due: at most so many messages, and bytes but for
    /// the last. What has waited too long is given up meanwhile. Settle what is read before the next call, or it
    /// comes again.
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
        let taking = Taking {
            instance: self.shared.mail.instance(),
            lease,
            entries_max,
            bytes_max,
            kept,
        };
        loop {
            match self.store().take(&taking).await? {
                Taken::NotHolder => return Err(OutboxError::NotHolder),
                Taken::Expired(found) => self.give_up(self.readable(found).await?, kept).await?,
                Taken::Untold(found) => self.tell(self.readable(found).await?).await?,
                Taken::Nothing => {
                    let (entries, wait) = (Vec::new(), IDLE);
                    return Ok(OutboxBatch { entries, wait });
                }
                Taken::Due(found, wait) => {
                    let entries = self.readable(found).await?;
                    return Ok(OutboxBatch { entries, wait });
                }
            }
        }
    }

    /// Renews the lease, for that long: while a call to the peer takes its time.
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

    /// Notes what became of messages that the peer answered for.
    ///
    /// # Errors
    /// [`OutboxError::Link`]: it can be called again, and where it is not, the messages are sent again.
    pub async fn settle(
        &self,
        outcomes: Vec<(OutboxEntry, OutboxOutcome)>,
    ) -> Result<(), OutboxError> {
        if outcomes.is_empty() {
            return Ok(());
        }
        let mail = &self.shared.mail;
        let mut senders = Senders::default();
        let mut settled = Vec::with_capacity(outcomes.len());
        for (entry, outcome) in &outcomes {
            let later = match outcome {
                OutboxOutcome::Stored => {
                    senders.taken(mail, entry);
                    None
                }
                OutboxOutcome::Later(reason) => {
                    let reason = words::reason(reason);
                    senders.later(mail, entry, entry.attempts + 1, &reason);
                    Some(reason)
                }
                OutboxOutcome::Refused(reason) => {
                    senders.failed(mail, entry, entry.attempts + 1, words::reason(reason));
                    None
                }
            };
            settled.push((entry, later));
        }
        senders.told().await?;
        Ok(self.store().settle(&settled).await?)
    }

    /// Notes that the peer took nothing of a batch, for a reason that has nothing to do with its messages: the peer
    /// is left alone for a while, which grows with each time, and is no shorter than `at_least`.
    ///
    /// # Errors
    /// As [`settle`](Self::settle).
    pub async fn postpone(
        &self,
        entries: Vec<OutboxEntry>,
        reason: &str,
        at_least: Duration,
    ) -> Result<(), OutboxError> {
        let reason = words::reason(reason);
        let mail = &self.shared.mail;
        let mut senders = Senders::default();
        for entry in &entries {
            senders.later(mail, entry, entry.attempts + 1, &reason);
        }
        senders.told().await?;
        Ok(self.store().postpone(&entries, &reason, at_least).await?)
    }

    /// Gives the lease back, at shutdown.
    ///
    /// # Errors
    /// [`OutboxError::Link`].
    pub async fn release(&self) -> Result<(), OutboxError> {
        let channel = self.shared.free_channel();
        let instance = self.shared.mail.instance();
        // Where another instance has it by now, there is nothing to give back.
        let _had = self.store().release(instance, &channel).await?;
        Ok(())
    }

    /// Tells senders why their messages wait although nobody has tried to send them yet.
    async fn tell(&self, entries: Vec<OutboxEntry>) -> Result<(), LinkError> {
        let Some(last) = entries.last() else {
            return Ok(());
        };
        let mail = &self.shared.mail;
        let mut senders = Senders::default();
        for entry in &entries {
            senders.later(mail, entry, entry.attempts, &entry.reason);
        }
        senders.told().await?;
        self.store().told(last).await
    }

    /// Gives messages up that have waited that long.
    async fn give_up(&self, entries: Vec<OutboxEntry>, kept: Duration) -> Result<(), LinkError> {
        if entries.is_empty() {
            return Ok(());
        }
        let mail = &self.shared.mail;
        let mut senders = Senders::default();
        for entry in &entries {
            let reason = words::too_long(kept, &entry.reason);
            senders.failed(mail, entry, entry.attempts, reason);
        }
        senders.told().await?;
        let places = entries.iter();
        let places: Vec<_> = places
            .map(|entry| (entry.cursor.to_string(), entry.message.to.to_string()))
            .collect();
        self.store().remove(&places).await
    }

    /// Those that can be read. Others are removed, so that they keep nobody waiting.
    async fn readable(&self, found: Vec<Found>) -> Result<Vec<OutboxEntry>, LinkError> {
        let (mut entries, mut unreadable) = (Vec::new(), Vec::new());
        for found in found {
            match found {
                Found::Entry(entry) => entries.push(entry),
                Found::Unreadable(at, to) => unreadable.push((at, to)),
            }
        }
        if !unreadable.is_empty() {
            error!(
                peer.name = self.peer(),
                count = unreadable.len(),
                "Messages for {} cannot be read and are dropped; did another version run?",
                self.peer()
            );
            self.store().remove(&unreadable).await?;
        }
        Ok(entries)
    }

    fn store(&self) -> Store<'_> {
        let mail = &self.shared.mail;
        Store::new(mail.link(), mail.keys().mail_outbox(self.peer()))
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
