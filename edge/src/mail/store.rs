//! Calls the scripts of mail that change something.

use super::claim::Proof;
use super::scripts::{Answer, Scripts, answer, cursor, ms, prove, value_of};
use crate::PersonId;
use crate::redis::{Keys, Link, LinkError, unreadable};
use protocol::{Cursor, Federated, MailAddress, MessageId};
use redis::{FromRedisValue, Script, ScriptInvocation, Value};
use std::time::Duration;

/// How long an idempotency key holds.
const KEY_FOR: Duration = Duration::from_secs(24 * 3600);
/// How long it is known that a message came that may come again: longer than keys hold, and than other clusters try.
pub(super) const SEEN_FOR: Duration = Duration::from_secs(48 * 3600);

/// Reads and changes mailboxes in Redis.
pub(super) struct Store {
    pub(super) link: Link,
    pub(super) keys: Keys,
    pub(super) scripts: Scripts,
    pub(super) kept_max: u32,
    pub(super) kept_for: Duration,
}

/// A message that may be sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Allowed {
    pub(super) id: MessageId,
    /// Whether its sender has claimed the address that it is from.
    pub(super) verified: bool,
}

/// What is asked of [`Store::allow`].
pub(super) struct Asking<'a> {
    pub(super) from: &'a MailAddress,
    pub(super) proof: &'a Proof,
    pub(super) id: &'a MessageId,
    /// The idempotency key's hash.
    pub(super) key: Option<String>,
    pub(super) digest: &'a str,
    pub(super) per_minute: u32,
}

/// A letter to be put into a mailbox.
pub(super) struct Putting<'a> {
    /// Whose mailbox.
    pub(super) address: &'a MailAddress,
    pub(super) id: &'a MessageId,
    /// Who wrote it, or whom it is for.
    pub(super) other: &'a MailAddress,
    pub(super) text: &'a str,
    pub(super) verified: bool,
    /// When it was sent, in milliseconds since 1970; now, where nothing is given.
    pub(super) sent_ms: Option<u64>,
    /// What it is known by should it come again; nothing where it cannot.
    pub(super) known_as: Option<String>,
}

/// Where a message was put.
pub(super) struct Put {
    pub(super) at: Cursor,
    /// Whether it was put there now, and not before.
    pub(super) is_new: bool,
}

impl Store {
    pub(super) fn new(link: Link, keys: Keys, kept_max: u32, kept_for: Duration) -> Self {
        Self {
            link,
            keys,
            scripts: Scripts::new(),
            kept_max,
            kept_for,
        }
    }

    /// Runs a script of a mailbox, with arguments of its own.
    pub(super) async fn call<T: FromRedisValue>(
        &self,
        script: &Script,
        address: &MailAddress,
        more: impl FnOnce(&mut ScriptInvocation<'_>),
    ) -> Result<T, LinkError> {
        let mut invocation = script.key(self.keys.mail(address));
        more(&mut invocation);
        self.link.call(&invocation).await
    }

    /// Whether a message may be sent.
    pub(super) async fn allow(&self, asking: Asking<'_>) -> Result<Answer<Allowed>, LinkError> {
        let value = self
            .call(&self.scripts.allow, asking.from, |call| {
                prove(call, Some(asking.proof));
                call.arg(asking.id.as_str())
                    .arg(asking.per_minute)
                    .arg(asking.key.as_deref().unwrap_or_default())
                    .arg(asking.digest)
                    .arg(ms(KEY_FOR));
            })
            .await?;
        answer(value)?.read(|(id, verified): (String, bool)| {
            let id = MessageId::parse(&id).map_err(|_| unreadable("a message's id"))?;
            Ok(Allowed { id, verified })
        })
    }

    /// Stores a message that came. Nothing for `per_minute` where as many may come as do.
    pub(super) async fn store(
        &self,
        putting: Putting<'_>,
        per_minute: Option<u32>,
    ) -> Result<Answer<Put>, LinkError> {
        let value = self
            .call(&self.scripts.store, putting.address, |call| {
                self.put(call, &putting, if putting.verified { "v" } else { "" });
                call.arg(per_minute.unwrap_or(0))
                    .arg(putting.known_as.as_deref().unwrap_or_default())
                    .arg(ms(SEEN_FOR));
            })
            .await?;
        answer(value)?.read(put_at)
    }

    /// Keeps the copy of an own message.
    pub(super) async fn keep(&self, putting: Putting<'_>, waits: bool) -> Result<(), LinkError> {
        self.call(&self.scripts.keep, putting.address, |call| {
            self.put(call, &putting, "ov");
            call.arg(u8::from(waits))
                .arg(seen_for(putting.known_as.is_some()));
        })
        .await
    }

    fn put(&self, call: &mut ScriptInvocation<'_>, putting: &Putting<'_>, flags: &str) {
        call.arg(flags)
            .arg(putting.id.as_str())
            .arg(putting.other.to_string())
            .arg(putting.text);
        call.arg(
            putting
                .sent_ms
                .map_or_else(String::new, |ms| ms.to_string()),
        )
        .arg(self.kept_max)
        .arg(ms(self.kept_for));
    }

    /// Stores a message for another cluster, in its outbox; nothing where too many wait.
    pub(super) async fn queue(
        &self,
        peer: &str,
        message: &Federated,
        may_repeat: bool,
        most: u32,
    ) -> Result<Option<Put>, LinkError> {
        let mut call = self.scripts.queue.key(self.keys.mail_outbox(peer));
        call.arg(message.id.as_str())
            .arg(most)
            .arg(seen_for(may_repeat));
        for (field, value) in super::entry::write(message) {
            call.arg(field).arg(value);
        }
        match self.link.call(&call).await? {
            Value::Int(_) => Ok(None),
            value => put_at(value_of(value)?).map(Some),
        }
    }

    /// Claims an address; whether it is theirs now.
    pub(super) async fn claim(
        &self,
        address: &MailAddress,
        proof: &Proof,
    ) -> Result<bool, LinkError> {
        self.call(&self.scripts.claim, address, |call| {
            prove(call, Some(proof))
        })
        .await
    }

    pub(super) async fn owns(
        &self,
        address: &MailAddress,
        proof: &Proof,
    ) -> Result<bool, LinkError> {
        self.call(&self.scripts.owns, address, |call| prove(call, Some(proof)))
            .await
    }

    /// Remembers which address a person took up last.
    pub(super) async fn take_up(
        &self,
        person: PersonId,
        address: &MailAddress,
    ) -> Result<(), LinkError> {
        let mut call = self.scripts.take_up.key(self.keys.mail_person(person));
        call.arg(address.to_string());
        self.link.call(&call).await
    }

    /// The address that a person took up last; it may be theirs no longer.
    pub(super) async fn taken_up(
        &self,
        person: PersonId,
    ) -> Result<Option<MailAddress>, LinkError> {
        let call = self.scripts.taken_up.key(self.keys.mail_person(person));
        let address: Option<String> = self.link.call(&call).await?;
        address
            .map(|text| MailAddress::parse(&text).map_err(|_| unreadable("a person's address")))
            .transpose()
    }

    pub(super) async fn mark_seen(
        &self,
        address: &MailAddress,
        proof: &Proof,
        with: &MailAddress,
        newest: Cursor,
    ) -> Result<Answer<String>, LinkError> {
        let value = self
            .call(&self.scripts.seen, address, |call| {
                prove(call, Some(proof));
                call.arg(with.to_string()).arg(newest.to_string());
            })
            .await?;
        answer(value)
    }

    /// Notes what there is to say of an own letter for another cluster; nothing where that cluster has it.
    pub(super) async fn note(
        &self,
        address: &MailAddress,
        id: &MessageId,
        what: Option<&str>,
        is_end: bool,
    ) -> Result<(), LinkError> {
        self.call(&self.scripts.note, address, |call| {
            call.arg(id.as_str())
                .arg(what.unwrap_or_default())
                .arg(u8::from(is_end))
                .arg(ms(SEEN_FOR));
        })
        .await
    }

    /// Takes a token's id; false where it was taken before.
    pub(super) async fn take_once(&self, id: &str, for_: Duration) -> Result<bool, LinkError> {
        let mut call = self.scripts.once.key(self.keys.mail_token(id));
        call.arg(ms(for_).max(1));
        self.link.call(&call).await
    }
}

fn put_at((at, is_new): (String, bool)) -> Result<Put, LinkError> {
    let at = cursor(&at)?;
    Ok(Put { at, is_new })
}

/// How long to know that a message came.
fn seen_for(may_repeat: bool) -> u64 {
    if may_repeat { ms(SEEN_FOR) } else { 0 }
}
