//! The handle of whoever sends an outbox's messages.

use crate::mail::{Mail, entry};
use crate::redis::{Call, LinkError, News, Script, as_ms};
use protocol::{Cursor, Federated};
use redis::FromRedisValue;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, OnceLock};
use std::time::Duration;
use tracing::error;

/// How long to wait when the outbox is empty, in case a hint was lost.
const IDLE: Duration = Duration::from_secs(10);

/// The kinds of results of `take.lua`.
const NOT_HOLDER: u8 = 0;
const EXPIRED: u8 = 1;
const NOTHING: u8 = 3;
const UNTOLD: u8 = 4;

/// A script of an outbox, built when it is first called.
macro_rules! outbox_script {
    ($($file:literal),+) => {
        LazyLock::new(|| crate::redis::script!("../../redis/time.lua", "prelude.lua", $($file),+))
    };
}
pub(super) use outbox_script;

static TAKE: LazyLock<Script> = outbox_script!("batch.lua", "take.lua");
static LEASE: LazyLock<Script> = outbox_script!("lease.lua");

/// A message as scripts return it: its position, its fields, and its tries with the reason.
type Stored = (String, HashMap<String, String>, String);

/// The messages that wait for one other cluster. Cheap to clone.
#[derive(Clone)]
pub struct Outbox {
    shared: Arc<Shared>,
}

struct Shared {
    mail: Mail,
    peer: String,
    /// For [`Outbox::news`].
    news: Hints,
    /// For [`Outbox::free`].
    free: Hints,
}

/// A channel, followed from the first wait on.
struct Hints {
    channel: String,
    news: OnceLock<News>,
}

/// A waiting message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Its position in the outbox.
    pub cursor: Cursor,
    /// The message.
    pub message: Federated,
    /// How many times delivery was tried.
    pub attempts: u32,
    /// Why the last try failed, for this message or for the peer as a whole; empty before the first.
    pub reason: String,
}

impl OutboxEntry {
    /// Its lane, as scripts name it.
    pub(super) fn lane(&self) -> String {
        format!("{} {}", self.message.from, self.message.to)
    }
}

/// The messages to send now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutboxBatch {
    /// In the order in which they were sent. Those not settled come first in the next batch.
    pub entries: Vec<OutboxEntry>,
    /// How long to wait for the next batch if this one is empty, unless there is news.
    pub wait: Duration,
}

/// The outcome of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutboxOutcome {
    /// The peer has stored it.
    Stored,
    /// The peer cannot accept it now; why, in plain words.
    Later(String),
    /// The peer rejects it permanently; likewise.
    Refused(String),
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
        let hints = |channel| Hints {
            channel,
            news: OnceLock::new(),
        };
        let shared = Shared {
            news: hints(mail.shared.keys.mail_outbox_changes(&peer)),
            free: hints(mail.shared.keys.mail_outbox(&peer) + "free"),
            mail,
            peer,
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
        self.hear(&self.shared.news, at_most).await;
    }

    /// Waits until the lease is released, at most that long. One waiter per peer and instance.
    pub async fn free(&self, at_most: Duration) {
        self.hear(&self.shared.free, at_most).await;
    }

    async fn hear(&self, hints: &Hints, at_most: Duration) {
        let news = hints.news.get_or_init(|| {
            let news = News::default();
            self.mail().shared.link.follow(&hints.channel, &news);
            news
        });
        if tokio::time::timeout(at_most, news.come()).await.is_ok() {
            news.take();
        }
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
        let kept = self.mail().limits().outbox_for;
        loop {
            let (kind, wait_ms, stored): (u8, u64, Vec<Stored>) = self
                .call(&TAKE, |call| {
                    call.arg(&self.mail().shared.instance)
                        .arg(as_ms(lease))
                        .arg(entries_max.max(1))
                        .arg(bytes_max.max(1))
                        .arg(as_ms(kept));
                })
                .await?;
            let entries = self.readable(stored).await?;
            let wait = match kind {
                NOT_HOLDER => return Err(OutboxError::NotHolder),
                EXPIRED => {
                    self.give_up(entries, kept).await?;
                    continue;
                }
                UNTOLD => {
                    self.tell(entries).await?;
                    continue;
                }
                NOTHING => IDLE,
                _ => Duration::from_millis(wait_ms),
            };
            return Ok(OutboxBatch { entries, wait });
        }
    }

    /// Renews the lease, during a slow call to the peer.
    ///
    /// # Errors
    /// [`OutboxError::NotHolder`], [`OutboxError::Link`].
    pub async fn hold(&self, lease: Duration) -> Result<(), OutboxError> {
        match self.lease(as_ms(lease), "").await? {
            true => Ok(()),
            false => Err(OutboxError::NotHolder),
        }
    }

    /// Releases the lease, at shutdown.
    ///
    /// # Errors
    /// [`OutboxError::Link`].
    pub async fn release(&self) -> Result<(), OutboxError> {
        // Nothing to release if another instance has it by now.
        let _had = self.lease(0, &self.shared.free.channel).await?;
        Ok(())
    }

    /// Renews the lease for that long, or releases it and announces that on a channel; false if this instance no longer
    /// holds it.
    async fn lease(&self, lease_ms: u64, channel: &str) -> Result<bool, LinkError> {
        self.call(&LEASE, |call| {
            call.arg(&self.mail().shared.instance)
                .arg(lease_ms)
                .arg(channel);
        })
        .await
    }

    /// Parses messages; removes invalid ones so that they block nobody.
    async fn readable(&self, stored: Vec<Stored>) -> Result<Vec<OutboxEntry>, LinkError> {
        let (mut entries, mut unreadable) = (Vec::new(), Vec::new());
        for (at, fields, tries) in stored {
            let cursor = Cursor::parse(&at).ok();
            match cursor.and_then(|cursor| Some((cursor, entry::read(cursor, &fields)?))) {
                Some((cursor, message)) => {
                    let (attempts, reason) = tries.split_once(' ').unwrap_or((&tries, ""));
                    entries.push(OutboxEntry {
                        cursor,
                        message,
                        attempts: attempts.parse().unwrap_or(0),
                        reason: reason.to_owned(),
                    });
                }
                None => unreadable.push((at, entry::lane(&fields))),
            }
        }
        if !unreadable.is_empty() {
            error!(
                peer.name = self.peer(),
                count = unreadable.len(),
                "Dropped unreadable messages for {}; did another version run?",
                self.peer()
            );
            self.remove(unreadable).await?;
        }
        Ok(entries)
    }

    pub(super) fn mail(&self) -> &Mail {
        &self.shared.mail
    }

    /// Runs a script of this outbox with these arguments.
    pub(super) async fn call<T: FromRedisValue>(
        &self,
        script: &Script,
        arguments: impl FnOnce(&mut Call<'_>),
    ) -> Result<T, LinkError> {
        let mut invocation = script.key(self.mail().shared.keys.mail_outbox(self.peer()));
        arguments(&mut invocation);
        self.mail().shared.link.call(&invocation).await
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        for hints in [&self.news, &self.free] {
            if hints.news.get().is_some() {
                self.mail.shared.link.unfollow(&hints.channel);
            }
        }
    }
}
