//! Calls the scripts of an outbox.

use super::OutboxEntry;
use crate::mail::entry;
use crate::mail::scripts::ms;
use crate::redis::{Link, LinkError};
use protocol::Cursor;
use rand::RngExt;
use redis::{FromRedisValue, Script, ScriptInvocation};
use std::collections::HashMap;
use std::sync::LazyLock;
use std::time::Duration;

/// The delay after a first failure.
const DELAY_FIRST: Duration = Duration::from_secs(1);
/// No delay that we choose is longer: a peer or mailbox that is back gets its mail within this.
const DELAY_LONGEST: Duration = Duration::from_secs(600);

/// What `take.lua` says it returns.
const NOT_HOLDER: u8 = 0;
const EXPIRED: u8 = 1;
const NOTHING: u8 = 3;
const UNTOLD: u8 = 4;

static TAKE: LazyLock<Script> = LazyLock::new(|| {
    script(concat!(
        include_str!("batch.lua"),
        "\n",
        include_str!("take.lua")
    ))
});
static SETTLE: LazyLock<Script> = LazyLock::new(|| putting_back(include_str!("settle.lua")));
static POSTPONE: LazyLock<Script> = LazyLock::new(|| putting_back(include_str!("postpone.lua")));
static DROP: LazyLock<Script> = LazyLock::new(|| script(include_str!("drop.lua")));
static TOLD: LazyLock<Script> = LazyLock::new(|| script(include_str!("told.lua")));
static LEASE: LazyLock<Script> = LazyLock::new(|| script(include_str!("lease.lua")));

fn script(body: &str) -> Script {
    let prelude = include_str!("prelude.lua");
    Script::new(&format!("{prelude}\n{body}"))
}

/// A script that puts messages back.
fn putting_back(body: &str) -> Script {
    script(&format!("{}\n{body}", include_str!("back.lua")))
}

/// Reads and changes one outbox in Redis.
pub(super) struct Store<'a> {
    link: &'a Link,
    /// Begins the names of its keys.
    keys: String,
}

/// What was asked of [`Store::take`].
pub(super) struct Taking<'a> {
    pub(super) instance: &'a str,
    pub(super) lease: Duration,
    pub(super) entries_max: usize,
    pub(super) bytes_max: usize,
    /// How long a message may wait.
    pub(super) kept: Duration,
}

/// What there is to do.
pub(super) enum Taken {
    /// Nothing: another instance does it.
    NotHolder,
    /// These have waited too long.
    Expired(Vec<Found>),
    /// The peer is left alone, which the senders of these do not know yet.
    Untold(Vec<Found>),
    /// These are due; with none, something may be after that time.
    Due(Vec<Found>, Duration),
    /// Nothing waits at all.
    Nothing,
}

/// What stands in the outbox.
pub(super) enum Found {
    /// A message.
    Entry(OutboxEntry),
    /// What this version cannot read, with its place and recipient as they are written.
    Unreadable(String, String),
}

/// A message as the scripts tell it: where it stands, its fields, and its tries with the reason.
type Stored = (String, HashMap<String, String>, String);

impl<'a> Store<'a> {
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

    pub(super) async fn take(&self, taking: &Taking<'_>) -> Result<Taken, LinkError> {
        let (kind, wait_ms, stored): (u8, u64, Vec<Stored>) = self
            .call(&TAKE, |call| {
                call.arg(taking.instance)
                    .arg(ms(taking.lease))
                    .arg(taking.entries_max.max(1))
                    .arg(taking.bytes_max.max(1))
                    .arg(ms(taking.kept));
            })
            .await?;
        let found = stored.into_iter().map(read).collect();
        Ok(match kind {
            NOT_HOLDER => Taken::NotHolder,
            EXPIRED => Taken::Expired(found),
            NOTHING => Taken::Nothing,
            UNTOLD => Taken::Untold(found),
            _ => Taken::Due(found, Duration::from_millis(wait_ms)),
        })
    }

    /// Notes what became of messages: of each, why it is to be tried again, or that it need not be.
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
            call.arg(ms(at_least)).arg(reason);
            for entry in entries {
                call.arg(entry.cursor.to_string())
                    .arg(entry.message.to.to_string());
            }
        })
        .await
    }

    /// Forgets messages, each by its place and its recipient.
    pub(super) async fn remove(&self, messages: &[(String, String)]) -> Result<(), LinkError> {
        self.call(&DROP, |call| {
            for (at, to) in messages {
                call.arg(at).arg(to);
            }
        })
        .await
    }

    /// Notes up to which message senders know that the peer is left alone.
    pub(super) async fn told(&self, last: &OutboxEntry) -> Result<(), LinkError> {
        self.call(&TOLD, |call| {
            call.arg(last.cursor.to_string());
        })
        .await
    }

    /// Renews the lease; false where the instance has it no longer.
    pub(super) async fn hold(&self, instance: &str, lease: Duration) -> Result<bool, LinkError> {
        self.call(&LEASE, |call| {
            call.arg(instance).arg(ms(lease)).arg("");
        })
        .await
    }

    /// Gives the lease back and says so on a channel.
    pub(super) async fn release(&self, instance: &str, channel: &str) -> Result<bool, LinkError> {
        self.call(&LEASE, |call| {
            call.arg(instance).arg(0).arg(channel);
        })
        .await
    }
}

/// The arguments that scripts choose delays by.
fn delays(call: &mut ScriptInvocation<'_>) {
    // Instances and messages that failed together do not come back together.
    let jitter: f64 = rand::rng().random_range(0.5..1.0);
    call.arg(ms(DELAY_FIRST)).arg(ms(DELAY_LONGEST)).arg(jitter);
}

fn read((at, fields, tries): Stored) -> Found {
    let (attempts, reason) = tries.split_once(' ').unwrap_or((&tries, ""));
    let cursor = Cursor::parse(&at).ok();
    let message = cursor.and_then(|cursor| Some((cursor, entry::read(cursor, &fields)?)));
    match message {
        Some((cursor, message)) => Found::Entry(OutboxEntry {
            cursor,
            message,
            attempts: attempts.parse().unwrap_or(0),
            reason: reason.to_owned(),
        }),
        None => Found::Unreadable(at, fields.get("to").cloned().unwrap_or_default()),
    }
}
