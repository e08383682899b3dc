//! Calls the scripts that change mailboxes.

use super::claim::Credentials;
use super::scripts::{Answer, MailScripts, add_credentials, answer, cursor, value_of};
use crate::PersonId;
use crate::redis::{Keys, Link, LinkError, as_ms, unreadable};
use protocol::{Cursor, Federated, MailAddress, MessageId};
use redis::{FromRedisValue, Script, ScriptInvocation, Value};
use std::time::Duration;

/// How long an idempotency key is remembered.
const KEY_FOR: Duration = Duration::from_secs(24 * 3600);
/// How long a message that can arrive twice is remembered: longer than idempotency keys, and than other clusters retry.
pub(super) const SEEN_FOR: Duration = Duration::from_secs(48 * 3600);

/// Reads and changes mailboxes in Redis.
pub(super) struct MailStore {
    pub(super) link: Link,
    pub(super) keys: Keys,
    pub(super) scripts: MailScripts,
    pub(super) kept_max: u32,
    pub(super) kept_for: Duration,
}

/// Permission to send a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Allowed {
    pub(super) id: MessageId,
    /// Whether its sender has claimed their address.
    pub(super) verified: bool,
}

/// The parameters of [`MailStore::allow`].
pub(super) struct SendRequest<'a> {
    pub(super) from: &'a MailAddress,
    pub(super) proof: &'a Credentials,
    pub(super) id: &'a MessageId,
    /// The idempotency key's hash.
    pub(super) key: Option<String>,
    pub(super) digest: &'a str,
    pub(super) per_minute: u32,
}

/// A letter to store in a mailbox.
pub(super) struct LetterToStore<'a> {
    /// The mailbox.
    pub(super) address: &'a MailAddress,
    pub(super) id: &'a MessageId,
    /// The sender, or the recipient of an own letter.
    pub(super) other: &'a MailAddress,
    pub(super) text: &'a str,
    pub(super) verified: bool,
    /// When it was sent, in milliseconds since 1970; `None` for now.
    pub(super) sent_ms: Option<u64>,
    /// Identifies the letter if it can arrive again.
    pub(super) known_as: Option<String>,
}

/// Where a message is stored.
pub(super) struct StoredAt {
    pub(super) at: Cursor,
    /// Whether this call stored it, and no earlier one.
    pub(super) is_new: bool,
}

impl MailStore {
    pub(super) fn new(link: Link, keys: Keys, kept_max: u32, kept_for: Duration) -> Self {
        Self {
            link,
            keys,
            scripts: MailScripts::new(),
            kept_max,
            kept_for,
        }
    }

    /// Runs a script of a mailbox with these arguments.
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

    /// Asks whether a message may be sent.
    pub(super) async fn allow(
        &self,
        asking: SendRequest<'_>,
    ) -> Result<Answer<Allowed>, LinkError> {
        let value = self
            .call(&self.scripts.allow, asking.from, |call| {
                add_credentials(call, Some(asking.proof));
                call.arg(asking.id.as_str())
                    .arg(asking.per_minute)
                    .arg(asking.key.as_deref().unwrap_or_default())
                    .arg(asking.digest)
                    .arg(as_ms(KEY_FOR));
            })
            .await?;
        answer(value)?.read(|(id, verified): (String, bool)| {
            let id = MessageId::parse(&id).map_err(|_| unreadable("a message's id"))?;
            Ok(Allowed { id, verified })
        })
    }

    /// Stores an incoming message; without `per_minute`, at any rate.
    pub(super) async fn store(
        &self,
        putting: LetterToStore<'_>,
        per_minute: Option<u32>,
    ) -> Result<Answer<StoredAt>, LinkError> {
        let value = self
            .call(&self.scripts.store, putting.address, |call| {
                self.put(call, &putting, if putting.verified { "v" } else { "" });
                call.arg(per_minute.unwrap_or(0))
                    .arg(putting.known_as.as_deref().unwrap_or_default())
                    .arg(as_ms(SEEN_FOR));
            })
            .await?;
        answer(value)?.read(put_at)
    }

    /// Stores the sender's copy of a message.
    pub(super) async fn keep(
        &self,
        putting: LetterToStore<'_>,
        waits: bool,
    ) -> Result<(), LinkError> {
        self.call(&self.scripts.keep, putting.address, |call| {
            self.put(call, &putting, "ov");
            call.arg(u8::from(waits))
                .arg(seen_for(putting.known_as.is_some()));
        })
        .await
    }

    fn put(&self, call: &mut ScriptInvocation<'_>, putting: &LetterToStore<'_>, flags: &str) {
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
        .arg(as_ms(self.kept_for));
    }

    /// Stores a message for another cluster in its outbox; `None` if the outbox is full.
    pub(super) async fn queue(
        &self,
        peer: &str,
        message: &Federated,
        may_repeat: bool,
        most: u32,
    ) -> Result<Option<StoredAt>, LinkError> {
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

    /// Claims an address; returns whether it is theirs now.
    pub(super) async fn claim(
        &self,
        address: &MailAddress,
        proof: &Credentials,
    ) -> Result<bool, LinkError> {
        self.call(&self.scripts.claim, address, |call| {
            add_credentials(call, Some(proof))
        })
        .await
    }

    pub(super) async fn owns(
        &self,
        address: &MailAddress,
        proof: &Credentials,
    ) -> Result<bool, LinkError> {
        self.call(&self.scripts.owns, address, |call| {
            add_credentials(call, Some(proof))
        })
        .await
    }

    /// Remembers a person's address.
    pub(super) async fn set_address(
        &self,
        person: PersonId,
        address: &MailAddress,
    ) -> Result<(), LinkError> {
        let mut call = self.scripts.set_address.key(self.keys.mail_person(person));
        call.arg(address.to_string());
        self.link.call(&call).await
    }

    /// A person's last address; it may no longer be theirs.
    pub(super) async fn address_of_person(
        &self,
        person: PersonId,
    ) -> Result<Option<MailAddress>, LinkError> {
        let call = self
            .scripts
            .address_of_person
            .key(self.keys.mail_person(person));
        let address: Option<String> = self.link.call(&call).await?;
        address
            .map(|text| MailAddress::parse(&text).map_err(|_| unreadable("a person's address")))
            .transpose()
    }

    pub(super) async fn mark_seen(
        &self,
        address: &MailAddress,
        proof: &Credentials,
        with: &MailAddress,
        newest: Cursor,
    ) -> Result<Answer<String>, LinkError> {
        let value = self
            .call(&self.scripts.seen, address, |call| {
                add_credentials(call, Some(proof));
                call.arg(with.to_string()).arg(newest.to_string());
            })
            .await?;
        answer(value)
    }

    /// Records the delivery status of an own letter to another cluster, as JSON; `None` once that cluster has it.
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
                .arg(as_ms(SEEN_FOR));
        })
        .await
    }

    /// Remembers a token's id; false if it is already known.
    pub(super) async fn accept_token(&self, id: &str, for_: Duration) -> Result<bool, LinkError> {
        let mut call = self.scripts.accept_token.key(self.keys.mail_token(id));
        call.arg(as_ms(for_).max(1));
        self.link.call(&call).await
    }
}

fn put_at((at, is_new): (String, bool)) -> Result<StoredAt, LinkError> {
    let at = cursor(&at)?;
    Ok(StoredAt { at, is_new })
}

/// How long to remember a message, in milliseconds.
fn seen_for(may_repeat: bool) -> u64 {
    if may_repeat { as_ms(SEEN_FOR) } else { 0 }
}
