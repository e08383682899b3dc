//! Calls an outbox's scripts.

use super::OutboxEntry;
use crate::mail::entry;
use crate::redis::{Link, LinkError, as_ms, script};
use protocol::Cursor;
use rand::RngExt;
use redis::{FromRedisValue, Script, ScriptInvocation};
use std::collections::HashMap;
use std::sync::LazyLock;
use std::time::Duration;

/// The delay after a first failure.
const DELAY_FIRST: Duration = Duration::from_secs(1);
/// The longest delay of our own: a peer or mailbox that recovers gets its mail within this time.
const DELAY_LONGEST: Duration = Duration::from_secs(600);

/// The kinds of results of `take.lua`.
const NOT_HOLDER: u8 = 0;
const EXPIRED: u8 = 1;
const NOTHING: u8 = 3;
const UNTOLD: u8 = 4;

/// A script of an outbox, built when it is first called.
macro_rules! outbox_script {
    ($($file:literal),+) => {
        LazyLock::new(|| script!("../../redis/time.lua", "prelude.lua", $($file),+))
    };
}

static TAKE: LazyLock<Script> = outbox_script!("batch.lua", "take.lua");
static SETTLE: LazyLock<Script> = outbox_script!("back.lua", "settle.lua");
static POSTPONE: LazyLock<Script> = outbox_script!("back.lua", "postpone.lua");
static DROP: LazyLock<Script> = outbox_script!("drop.lua");
static TOLD: LazyLock<Script> = outbox_script!("told.lua");
static LEASE: LazyLock<Script> = outbox_script!("lease.lua");

/// Reads and changes one outbox in Redis.
pub(super) struct OutboxStore<'a> {
    link: &'a Link,
    /// The prefix of its keys.
    keys: String,
}

/// The parameters of [`OutboxStore::take`].
pub(super) struct TakeRequest<'a> {
    pub(super) instance: &'a str,
    pub(super) lease: Duration,
    pub(super) entries_max: usize,
    pub(super) bytes_max: usize,
    /// How long a message may wait.
    pub(super) kept: Duration,
}

/// What to do next.
pub(super) enum OutboxWork {
    /// Nothing: another instance is sending.
    NotHolder,
    /// Fail these: they have waited too long.
    Expired(Vec<StoredEntry>),
    /// Tell the senders of these that the peer is left alone for now.
    Untold(Vec<StoredEntry>),
    /// Send these; if none, look again after that time.
    Due(Vec<StoredEntry>, Duration),
    /// The outbox is empty.
    Nothing,
}

/// An entry of the outbox.
pub(super) enum StoredEntry {
    /// A message.
    Entry(OutboxEntry),
    /// One that this version cannot parse: its position and recipient as stored.
    Unreadable(String, String),
}

/// A message as scripts return it: its position, its fields, and its tries with the reason.
type Stored = (String, HashMap<String, String>, String);

impl<'a> OutboxStore<'a> {
    pub(super) fn new(link: &'a Link, keys: String) -> Self {
        Self { link, keys }
    }

    async fn call<T: FromRedisValue>(
        &self,
        script: &Script,
        arguments: impl FnOnce(&mut ScriptInvocation<'_>),
    ) -> Result<T, LinkError> {
        let mut invocation = script.prepare_invoke();
        invocation.key(&self.keys);
        arguments(&mut invocation);
        self.link.call(&invocation).await
    }

    pub(super) async fn take(&self, request: &TakeRequest<'_>) -> Result<OutboxWork, LinkError> {
        let (kind, wait_ms, stored): (u8, u64, Vec<Stored>) = self
            .call(&TAKE, |call| {
                call.arg(request.instance)
                    .arg(as_ms(request.lease))
                    .arg(request.entries_max.max(1))
                    .arg(request.bytes_max.max(1))
                    .arg(as_ms(request.kept));
            })
            .await?;
        let found = stored.into_iter().map(read).collect();
        Ok(match kind {
            NOT_HOLDER => OutboxWork::NotHolder,
            EXPIRED => OutboxWork::Expired(found),
            NOTHING => OutboxWork::Nothing,
            UNTOLD => OutboxWork::Untold(found),
            _ => OutboxWork::Due(found, Duration::from_millis(wait_ms)),
        })
    }

    /// Records outcomes: for each message, why to retry it, or `None` to remove it.
    pub(super) async fn settle(
        &self,
        settled: &[(&OutboxEntry, Option<String>)],
    ) -> Result<(), LinkError> {
        self.call(&SETTLE, |call| {
            delays(call);
            for (entry, later) in settled {
                call.arg(entry.cursor.to_string())
                    .arg(entry.message.to.to_string())
                    .arg(u8::from(later.is_some()))
                    .arg(later.as_deref().unwrap_or_default());
            }
        })
        .await
    }

    pub(super) async fn postpone(
        &self,
        entries: &[OutboxEntry],
        reason: &str,
        at_least: Duration,
    ) -> Result<(), LinkError> {
        self.call(&POSTPONE, |call| {
            delays(call);
            call.arg(as_ms(at_least)).arg(reason);
            for entry in entries {
                call.arg(entry.cursor.to_string())
                    .arg(entry.message.to.to_string());
            }
        })
        .await
    }

    /// Removes messages, given by position and recipient.
    pub(super) async fn remove(&self, messages: &[(String, String)]) -> Result<(), LinkError> {
        self.call(&DROP, |call| {
            for (at, to) in messages {
                call.arg(at).arg(to);
            }
        })
        .await
    }

    /// Records up to which message senders know that the peer is left alone.
    pub(super) async fn told(&self, last: &OutboxEntry) -> Result<(), LinkError> {
        self.call(&TOLD, |call| {
            call.arg(last.cursor.to_string());
        })
        .await
    }

    /// Renews the lease; false if the instance no longer holds it.
    pub(super) async fn hold(&self, instance: &str, lease: Duration) -> Result<bool, LinkError> {
        self.call(&LEASE, |call| {
            call.arg(instance).arg(as_ms(lease)).arg("");
        })
        .await
    }

    /// Releases the lease and announces it on a channel.
    pub(super) async fn release(&self, instance: &str, channel: &str) -> Result<bool, LinkError> {
        self.call(&LEASE, |call| {
            call.arg(instance).arg(0).arg(channel);
        })
        .await
    }
}

/// The arguments by which scripts compute delays.
fn delays(call: &mut ScriptInvocation<'_>) {
    // So that what failed together is not retried together.
    let jitter: f64 = rand::rng().random_range(0.5..1.0);
    call.arg(as_ms(DELAY_FIRST))
        .arg(as_ms(DELAY_LONGEST))
        .arg(jitter);
}

fn read((at, fields, tries): Stored) -> StoredEntry {
    let (attempts, reason) = tries.split_once(' ').unwrap_or((&tries, ""));
    let cursor = Cursor::parse(&at).ok();
    let message = cursor.and_then(|cursor| Some((cursor, entry::read(cursor, &fields)?)));
    match message {
        Some((cursor, message)) => StoredEntry::Entry(OutboxEntry {
            cursor,
            message,
            attempts: attempts.parse().unwrap_or(0),
            reason: reason.to_owned(),
        }),
        None => StoredEntry::Unreadable(at, fields.get("to").cloned().unwrap_or_default()),
    }
}
