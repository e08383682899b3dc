//! Stores letters in mailboxes, messages in outboxes, and what becomes of them.

use super::scripts::{cursor, mail_script, value_of};
use super::{Mail, MailError, entry};
use crate::redis::{Call, LinkError, Script, as_ms};
use protocol::{Cursor, Federated, MailAddress, MessageId, MessageText, POSTMASTER, Waiting};
use rand::RngExt;
use redis::Value;
use std::collections::HashMap;
use std::sync::LazyLock;
use std::time::Duration;

/// How long a message that can arrive twice is remembered: longer than idempotency keys, and than other clusters retry.
pub(super) const SEEN_FOR: Duration = Duration::from_secs(48 * 3600);

static STORE: LazyLock<Script> = mail_script!(
    "prelude.lua",
    "index.lua",
    "drop.lua",
    "put.lua",
    "admit.lua",
    "store.lua"
);
static KEEP: LazyLock<Script> = mail_script!(
    "prelude.lua",
    "index.lua",
    "drop.lua",
    "put.lua",
    "keep.lua"
);
static QUEUE: LazyLock<Script> = mail_script!("outbox/prelude.lua", "queue.lua");
static NOTE: LazyLock<Script> = mail_script!("prelude.lua", "owner.lua", "note.lua");

/// What `queue.lua` returns if the sender, or all unverified ones, use up their share.
const SHARE_USED: i64 = 1;

/// A message in an outbox: its cursor and fields.
pub(super) type Stored = (String, HashMap<String, String>);

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
    /// Of an own letter: whether nobody had claimed the recipient's address.
    pub(super) is_unclaimed: bool,
    /// Identifies the letter if it can arrive again.
    pub(super) known_as: Option<String>,
}

/// Where a message is stored.
pub(super) struct StoredAt {
    pub(super) at: Cursor,
    /// Whether this call stored it, and no earlier one.
    pub(super) is_new: bool,
    /// Whether nobody has claimed the mailbox; false for an outbox.
    pub(super) is_unclaimed: bool,
}

impl StoredAt {
    /// Parses a script's answer.
    pub(super) fn parse(
        (at, is_new, is_unclaimed): (String, bool, bool),
    ) -> Result<Self, MailError> {
        let at = cursor(&at)?;
        Ok(Self {
            at,
            is_new,
            is_unclaimed,
        })
    }
}

impl Mail {
    /// Stores an incoming message; a notice, at any rate. Returns the script's answer.
    pub(super) async fn store(
        &self,
        putting: LetterToStore<'_>,
        is_notice: bool,
    ) -> Result<Value, LinkError> {
        let limits = self.limits();
        let cluster = self.peers().of_place(putting.other.place());
        let cluster = cluster.map_or("", |peer| &peer.name);
        let per_minute = match is_notice {
            true => 0,
            false => limits.receives_per_minute.max(1),
        };
        self.call(&STORE, putting.address, |call| {
            call.confirm();
            self.put(call, &putting, if putting.verified { "v" } else { "" });
            call.arg(per_minute)
                .arg(limits.unverified_per_minute)
                .arg(cluster)
                .arg(putting.known_as.as_deref().unwrap_or_default())
                .arg(as_ms(SEEN_FOR));
        })
        .await
    }

    /// Stores the sender's copy of a message.
    pub(super) async fn keep(
        &self,
        putting: LetterToStore<'_>,
        waits: bool,
    ) -> Result<(), LinkError> {
        self.call(&KEEP, putting.address, |call| {
            call.confirm();
            let flags = if putting.is_unclaimed { "ovu" } else { "ov" };
            self.put(call, &putting, flags);
            call.arg(u8::from(waits))
                .arg(seen_for(putting.known_as.is_some()));
        })
        .await
    }

    fn put(&self, call: &mut Call<'_>, putting: &LetterToStore<'_>, flags: &str) {
        let sent_ms = putting.sent_ms.map(|ms| ms.to_string());
        call.arg(flags)
            .arg(putting.id.as_str())
            .arg(putting.other.to_string())
            .arg(putting.text)
            .arg(sent_ms.unwrap_or_default())
            .arg(self.limits().kept_max.max(1))
            .arg(as_ms(self.limits().kept_for))
            .arg(self.limits().unverified_kept_max.max(1));
    }

    /// Stores a message for another cluster in its outbox.
    pub(super) async fn queue(
        &self,
        peer: &str,
        message: &Federated,
        may_repeat: bool,
    ) -> Result<StoredAt, MailError> {
        let mut call = QUEUE.key(self.shared.keys.mail_outbox(peer));
        call.confirm();
        call.arg(message.id.as_str())
            .arg(self.limits().outbox_max)
            .arg(seen_for(may_repeat))
            .arg(message.from.to_string())
            .arg(u8::from(message.verified));
        for (field, value) in entry::write(message) {
            call.arg(field).arg(value);
        }
        let (at, is_new, replaced): (String, bool, Option<Stored>) =
            match self.shared.link.call(&call).await? {
                Value::Int(SHARE_USED) => {
                    return Err(MailError::OutboxShare(peer.to_owned(), message.verified));
                }
                Value::Int(_) => return Err(MailError::OutboxFull(peer.to_owned())),
                value => value_of(value)?,
            };
        if let Some(replaced) = replaced {
            self.replaced(replaced).await;
        }
        StoredAt::parse((at, is_new, false))
    }

    /// Records the delivery status of a letter to another cluster that the address's owner wrote; `None` once that cluster
    /// has it. Idempotent, and independent of whether the owner's copy is stored before or after. Only for senders who have
    /// claimed their address: the entry's `verified`.
    pub(super) async fn note(
        &self,
        address: &MailAddress,
        id: &MessageId,
        status: Option<Waiting>,
    ) -> Result<(), LinkError> {
        let is_end = status.as_ref().is_none_or(|status| status.has_failed);
        // A plain struct of strings and numbers always serializes.
        let json = status.and_then(|status| serde_json::to_string(&status).ok());
        self.call(&NOTE, address, |call| {
            call.confirm();
            call.arg(id.as_str())
                .arg(json.unwrap_or_default())
                .arg(u8::from(is_end))
                .arg(as_ms(SEEN_FOR));
        })
        .await
    }

    /// Sends a notice about a message from the postmaster of the address's region; at most one per message.
    pub(super) async fn notice(
        &self,
        address: &MailAddress,
        about: &MessageId,
        text: &MessageText,
    ) -> Result<(), LinkError> {
        let Ok(postmaster) = MailAddress::new(address.place().clone(), POSTMASTER) else {
            return Ok(());
        };
        let putting = LetterToStore {
            address,
            // Created here, so nobody can have sent it before.
            id: &MessageId::of(rand::rng().random()),
            other: &postmaster,
            text: text.as_str(),
            verified: true,
            sent_ms: None,
            is_unclaimed: false,
            known_as: Some(format!("notice:{about}")),
        };
        self.store(putting, true).await.map(drop)
    }
}

/// How long to remember a message, in milliseconds.
fn seen_for(may_repeat: bool) -> u64 {
    if may_repeat { as_ms(SEEN_FOR) } else { 0 }
}
