//! Sending messages, and taking in those of other clusters.

use super::claim::Proof;
use super::error::seconds;
use super::scripts::Answer;
use super::store::{Asking, Put, Putting};
use super::{Mail, MailError};
use crate::hex::hex;
use crate::redis::unreadable;
use crate::timestamp::rfc3339;
use protocol::{Federated, MailAddress, MessageId, MessageSent, MessageStatus, MessageText};
use rand::RngExt;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// A message to be sent.
#[derive(Clone, Debug)]
pub struct Sending {
    /// Whom it is for; its place may be an alias.
    pub to: MailAddress,
    /// Who writes it; likewise.
    pub from: MailAddress,
    /// What it says.
    pub text: MessageText,
    /// What shows that `from` is theirs; unneeded where nobody has claimed it.
    pub proof: Proof,
    /// What makes sending again the same sending, within a day: 1 to 128 bytes.
    pub idempotency_key: Option<String>,
}

impl Mail {
    /// Sends a message: stores it in its recipient's mailbox, or in the outbox for another cluster. Once this
    /// returns, it is as durable as Redis is.
    ///
    /// # Errors
    /// [`MailError`]; nothing is sent then, save perhaps with [`MailError::Link`].
    pub async fn send(&self, sending: Sending) -> Result<MessageSent, MailError> {
        let (to, peer) = self.locate(sending.to)?;
        let from = self.home(sending.from)?;
        if to.is_reserved() || from.is_reserved() {
            return Err(MailError::Reserved);
        }
        let may_repeat = sending.idempotency_key.is_some();
        let sending = Sending {
            to,
            from,
            ..sending
        };
        let message = self.allow(sending).await?;
        let known_as = may_repeat.then(|| message.id.to_string());
        let put = match peer {
            None => self.deliver(&message, None, known_as.clone()).await?,
            Some(peer) => self.queue(&peer.name, &message, may_repeat).await?,
        };
        let is_queued = peer.is_some();
        // What somebody writes to themselves comes, and needs no copy.
        if message.verified && message.to != message.from {
            let own = Putting {
                address: &message.from,
                other: &message.to,
                sent_ms: Some(put.at.ms()),
                ..coming(&message, known_as)
            };
            self.store().keep(own, is_queued).await?;
        }
        self.sent(message, put, is_queued)
    }

    /// Asks at the sender's mailbox; the message as it goes on.
    async fn allow(&self, sending: Sending) -> Result<Federated, MailError> {
        let Sending { to, from, text, .. } = sending;
        let key = sending.idempotency_key.as_deref();
        let asking = Asking {
            from: &from,
            proof: &sending.proof,
            id: &MessageId::of(rand::rng().random()),
            key: key.map(|key| hash(&[key])),
            digest: &hash(&[&to.to_string(), text.as_str()]),
            per_minute: self.limits().sends_per_minute,
        };
        let allowed = match self.store().allow(asking).await? {
            Answer::Wait(ms) => return Err(MailError::TooManyFrom(seconds(ms))),
            answer => answer.owned()?,
        };
        Ok(Federated {
            id: allowed.id,
            to,
            from,
            message: text,
            sent_ms: 0,
            verified: allowed.verified,
        })
    }

    /// The answer to a sender.
    fn sent(
        &self,
        message: Federated,
        put: Put,
        is_queued: bool,
    ) -> Result<MessageSent, MailError> {
        let status = match is_queued {
            true => MessageStatus::Queued,
            false => MessageStatus::Delivered,
        };
        if put.is_new {
            self.metrics().message_sent(status);
        }
        Ok(MessageSent {
            id: message.id,
            to: message.to,
            from: message.from,
            sent_at: time_of(put.at.ms())?,
            status,
        })
    }

    /// Stores a message in its recipient's mailbox.
    async fn deliver(
        &self,
        message: &Federated,
        sent_ms: Option<u64>,
        known_as: Option<String>,
    ) -> Result<Put, MailError> {
        let putting = Putting {
            sent_ms,
            ..coming(message, known_as)
        };
        let most = self.limits().receives_per_minute.max(1);
        match self.store().store(putting, Some(most)).await? {
            Answer::Wait(ms) => Err(MailError::TooManyTo(seconds(ms))),
            answer => answer.owned(),
        }
    }

    async fn queue(
        &self,
        peer: &str,
        message: &Federated,
        may_repeat: bool,
    ) -> Result<Put, MailError> {
        let most = self.limits().outbox_max;
        let put = self.store().queue(peer, message, may_repeat, most).await?;
        put.ok_or_else(|| MailError::OutboxFull(peer.to_owned()))
    }

    /// Stores a message that came from another cluster, once however often it comes. That the cluster is who it
    /// says, and the sender of one of its places, is for the caller to know.
    ///
    /// # Errors
    /// [`MailError::UnknownPlace`], [`MailError::Elsewhere`] and [`MailError::Reserved`] for ever,
    /// [`MailError::TooManyTo`] and [`MailError::Link`] for a while.
    pub async fn receive(&self, message: Federated) -> Result<(), MailError> {
        let to = self.home(message.to)?;
        if to.is_reserved() || message.from.is_reserved() {
            return Err(MailError::Reserved);
        }
        let message = Federated { to, ..message };
        // No cluster knows a message by what another, or this one, knows one by.
        let peer = self.peers().of_place(message.from.place());
        let peer = peer.map_or("", |peer| &peer.name);
        let known_as = format!("peer:{peer}:{}", message.id);
        let sent_ms = Some(message.sent_ms);
        let put = self.deliver(&message, sent_ms, Some(known_as)).await?;
        if put.is_new {
            self.metrics().messages_received.inc();
        }
        Ok(())
    }

    /// Takes note of a token's id; false where it was noted before. It is remembered for that long.
    ///
    /// # Errors
    /// [`MailError::Link`].
    pub async fn accept_once(&self, token_id: &str, for_: Duration) -> Result<bool, MailError> {
        Ok(self.store().take_once(token_id, for_).await?)
    }
}

/// A message as it comes to its recipient.
fn coming(message: &Federated, known_as: Option<String>) -> Putting<'_> {
    Putting {
        address: &message.to,
        id: &message.id,
        other: &message.from,
        text: message.message.as_str(),
        verified: message.verified,
        sent_ms: None,
        known_as,
    }
}

/// Half of a SHA-256 over texts, as hexadecimal digits; no two lists of texts are alike.
fn hash(texts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    }
    hex(&hash.finalize()[..16])
}

/// A time as answers tell it.
fn time_of(ms: u64) -> Result<String, MailError> {
    let time = i64::try_from(ms).ok().and_then(rfc3339);
    time.ok_or_else(|| unreadable("a time").into())
}
