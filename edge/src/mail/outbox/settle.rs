//! What became of messages: their senders hear of it first, then the outbox is told.

use super::handle::outbox_script;
use super::{Outbox, OutboxEntry, OutboxError, OutboxOutcome, texts};
use crate::mail::store::Stored;
use crate::mail::{Mail, entry};
use crate::redis::{Call, LinkError, Script, as_ms};
use protocol::{Cursor, Waiting};
use rand::RngExt;
use std::sync::LazyLock;
use std::time::Duration;
use tokio::task::JoinSet;
use tracing::warn;

/// The delay after a first failure.
const DELAY_FIRST: Duration = Duration::from_secs(1);
/// The longest delay of our own: a peer or mailbox that recovers gets its mail within this time.
const DELAY_LONGEST: Duration = Duration::from_secs(600);

static SETTLE: LazyLock<Script> = outbox_script!("back.lua", "settle.lua");
static POSTPONE: LazyLock<Script> = outbox_script!("back.lua", "postpone.lua");
static DROP: LazyLock<Script> = outbox_script!("drop.lua");
static TOLD: LazyLock<Script> = outbox_script!("told.lua");

impl Outbox {
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
        let mut senders = SenderNotices::new(self.mail());
        let mut settled = Vec::with_capacity(outcomes.len());
        for (entry, outcome) in &outcomes {
            let later = match outcome {
                OutboxOutcome::Stored => {
                    senders.note(entry, None);
                    None
                }
                OutboxOutcome::Later(reason) => {
                    let reason = texts::reason(reason);
                    senders.later(entry, entry.attempts + 1, &reason);
                    Some(reason)
                }
                OutboxOutcome::Refused(reason) => {
                    senders.failed(entry, entry.attempts + 1, texts::reason(reason));
                    None
                }
            };
            settled.push((entry, later));
        }
        senders.finish().await?;
        let settling = self.call(&SETTLE, |call| {
            call.confirm();
            add_delays(call);
            for (entry, later) in &settled {
                call.arg(entry.cursor.to_string())
                    .arg(entry.lane())
                    .arg(u8::from(later.is_some()))
                    .arg(later.as_deref().unwrap_or_default());
            }
        });
        Ok(settling.await?)
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
        let mut senders = SenderNotices::new(self.mail());
        for entry in &entries {
            senders.later(entry, entry.attempts + 1, &reason);
        }
        senders.finish().await?;
        let postponing = self.call(&POSTPONE, |call| {
            call.confirm();
            add_delays(call);
            call.arg(as_ms(at_least)).arg(reason);
            for entry in &entries {
                call.arg(entry.cursor.to_string()).arg(entry.lane());
            }
        });
        Ok(postponing.await?)
    }

    /// Tells senders why their messages wait before the first try.
    pub(super) async fn tell(&self, entries: Vec<OutboxEntry>) -> Result<(), LinkError> {
        let Some(last) = entries.last() else {
            return Ok(());
        };
        let mut senders = SenderNotices::new(self.mail());
        for entry in &entries {
            senders.later(entry, entry.attempts, &entry.reason);
        }
        senders.finish().await?;
        // Up to this message, senders know that the peer is left alone.
        self.call(&TOLD, |call| {
            call.confirm();
            call.arg(last.cursor.to_string());
        })
        .await
    }

    /// Fails messages that have waited that long.
    pub(super) async fn give_up(
        &self,
        entries: Vec<OutboxEntry>,
        kept: Duration,
    ) -> Result<(), LinkError> {
        if entries.is_empty() {
            return Ok(());
        }
        let mut senders = SenderNotices::new(self.mail());
        for entry in &entries {
            let reason = texts::too_long(kept, &entry.reason);
            senders.failed(entry, entry.attempts, reason);
        }
        senders.finish().await?;
        let place = |entry: &OutboxEntry| (entry.cursor.to_string(), entry.lane());
        self.remove(entries.iter().map(place).collect()).await
    }

    /// Removes messages, given by position and lane.
    pub(super) async fn remove(&self, messages: Vec<(String, String)>) -> Result<(), LinkError> {
        self.call(&DROP, |call| {
            call.confirm();
            for (at, to) in messages {
                call.arg(at).arg(to);
            }
        })
        .await
    }
}

impl Mail {
    /// Tells the sender of a message that it made room for one of a verified sender. If this fails, they are not told: they
    /// had claimed no address when they sent it.
    pub(in crate::mail) async fn replaced(&self, (at, fields): Stored) {
        let cursor = Cursor::parse(&at).ok();
        let Some((cursor, message)) = cursor.and_then(|at| Some((at, entry::read(at, &fields)?)))
        else {
            return;
        };
        let entry = OutboxEntry {
            cursor,
            message,
            attempts: 0,
            reason: String::new(),
        };
        let mut senders = SenderNotices::new(self);
        senders.failed(&entry, 0, texts::REPLACED.to_owned());
        if let Err(error) = senders.finish().await {
            warn!(%error, "A sender was not told that their message made room for another");
        }
    }
}

/// The arguments by which scripts compute delays.
fn add_delays(call: &mut Call<'_>) {
    // So that what failed together is not retried together.
    let jitter: f64 = rand::rng().random_range(0.5..1.0);
    call.arg(as_ms(DELAY_FIRST))
        .arg(as_ms(DELAY_LONGEST))
        .arg(jitter);
}

/// Reports to senders in progress. Senders who have claimed their address see the status beside their copy; a failed
/// delivery is also reported to everyone in a notice.
struct SenderNotices<'a> {
    mail: &'a Mail,
    calls: JoinSet<Result<(), LinkError>>,
}

impl<'a> SenderNotices<'a> {
    fn new(mail: &'a Mail) -> Self {
        let calls = JoinSet::new();
        Self { mail, calls }
    }

    fn later(&mut self, entry: &OutboxEntry, attempts: u32, reason: &str) {
        self.note(entry, Some(status(entry, attempts, reason, false)));
    }

    fn failed(&mut self, entry: &OutboxEntry, attempts: u32, reason: String) {
        let (mail, is_owner) = (self.mail.clone(), entry.message.verified);
        let (from, id) = (entry.message.from.clone(), entry.message.id.clone());
        let status = status(entry, attempts, &reason, true);
        let notice = texts::notice(entry, attempts, &reason);
        self.calls.spawn(async move {
            if is_owner {
                mail.note(&from, &id, Some(status)).await?;
            }
            match notice {
                Some(text) => mail.notice(&from, &id, &text).await,
                None => Ok(()),
            }
        });
    }

    fn note(&mut self, entry: &OutboxEntry, status: Option<Waiting>) {
        if !entry.message.verified {
            return;
        }
        let mail = self.mail.clone();
        let (from, id) = (entry.message.from.clone(), entry.message.id.clone());
        self.calls
            .spawn(async move { mail.note(&from, &id, status).await });
    }

    /// Waits for all reports. On an error the remaining calls are aborted with the set.
    async fn finish(mut self) -> Result<(), LinkError> {
        while let Some(reported) = self.calls.join_next().await {
            // A call that panicked reported nothing.
            reported.unwrap_or(Err(LinkError::Away))?;
        }
        Ok(())
    }
}

fn status(entry: &OutboxEntry, attempts: u32, reason: &str, has_failed: bool) -> Waiting {
    Waiting {
        id: entry.message.id.clone(),
        attempts,
        reason: reason.to_owned(),
        has_failed,
    }
}
