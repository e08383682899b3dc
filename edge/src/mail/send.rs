//! Sending messages, and receiving those of other clusters.

use super::claim::Credentials;
use super::scripts::{add_credentials, answer, mail_script};
use super::store::{LetterToStore, StoredAt};
use super::{Mail, MailError};
use crate::NetworkId;
use crate::redis::{Script, as_ms, unreadable};
use crate::timestamp::rfc3339;
use protocol::{Federated, MailAddress, MessageId, MessageSent, MessageStatus, MessageText};
use rand::RngExt;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;
use std::time::Duration;

/// How long an idempotency key is remembered.
const KEY_FOR: Duration = Duration::from_secs(24 * 3600);

static ALLOW: LazyLock<Script> = mail_script!("prelude.lua", "owner.lua", "allow.lua");
static COUNT: LazyLock<Script> = mail_script!("network.lua");
static ACCEPT_TOKEN: LazyLock<Script> = mail_script!("accept_token.lua");

/// A message to send.
#[derive(Clone, Debug)]
pub struct NewLetter {
    /// The recipient; may contain an alias.
    pub to: MailAddress,
    /// The sender; likewise.
    pub from: MailAddress,
    /// The text.
    pub text: MessageText,
    /// Proves that `from` is the caller's; not needed if nobody has claimed it.
    pub proof: Credentials,
    /// The client's network, which limits unverified senders; `None` for a caller without one.
    pub network: Option<NetworkId>,
    /// Makes retries within a day send nothing twice: 1 to 128 bytes.
    pub idempotency_key: Option<String>,
}

impl Mail {
    /// Sends a message: stores it in the recipient's mailbox or in the outbox for another cluster. Once this returns, it is
    /// as durable as Redis.
    ///
    /// # Errors
    /// [`MailError`]; nothing was sent, except perhaps with [`MailError::Link`].
    pub async fn send(&self, sending: NewLetter) -> Result<MessageSent, MailError> {
        let (to, peer) = self.locate(sending.to)?;
        let from = self.home(sending.from)?;
        if to.is_postmaster() || from.is_reserved() {
            return Err(MailError::Reserved);
        }
        let network = sending.network;
        // Whoever answers an echo's letter stores the sender's copy as well.
        let may_repeat = sending.idempotency_key.is_some() || to.is_echo();
        let sending = NewLetter {
            to,
            from,
            ..sending
        };
        let message = self.allow(sending).await?;
        if let Some(network) = network.filter(|_| !message.verified) {
            self.count_unverified(network).await?;
        }
        let known_as = may_repeat.then(|| message.id.to_string());
        let put = match peer {
            None => self.deliver(&message, None, known_as.clone()).await?,
            Some(peer) => self.queue(&peer.name, &message, may_repeat).await?,
        };
        let is_queued = peer.is_some();
        // A message to oneself arrives, and needs no copy.
        if message.verified && message.to != message.from {
            let own = own_copy(&message, put.at.ms(), put.is_unclaimed, known_as);
            self.keep(own, is_queued).await?;
        }
        self.sent(message, put, is_queued)
    }

    /// Asks the sender's mailbox for permission; returns the message to store.
    async fn allow(&self, sending: NewLetter) -> Result<Federated, MailError> {
        let NewLetter { to, from, text, .. } = sending;
        let key = sending.idempotency_key.as_deref();
        let value = self
            .call(&ALLOW, &from, |call| {
                // A repeated message has the id that this script remembers.
                call.confirm();
                add_credentials(call, Some(&sending.proof));
                call.arg(MessageId::of(rand::rng().random()).as_str())
                    .arg(self.limits().sends_per_minute)
                    .arg(key.map(|key| hash(&[key])).unwrap_or_default())
                    .arg(hash(&[&to.to_string(), text.as_str()]))
                    .arg(as_ms(KEY_FOR));
            })
            .await?;
        let (id, verified): (String, bool) = answer(value, MailError::TooManyFrom)?;
        Ok(Federated {
            id: MessageId::parse(&id).map_err(|_| unreadable("a message's id"))?,
            to,
            from,
            message: text,
            sent_ms: 0,
            verified,
        })
    }

    /// Counts a message of an unverified sender from a network.
    async fn count_unverified(&self, network: NetworkId) -> Result<(), MailError> {
        let mut call = COUNT.key(self.shared.keys.mail_network(network));
        call.arg(self.limits().unverified_per_network);
        let value = self.shared.link.call(&call).await?;
        answer::<String>(value, MailError::TooManyUnverifiedFrom).map(drop)
    }

    /// The answer to a sender.
    fn sent(
        &self,
        message: Federated,
        put: StoredAt,
        is_queued: bool,
    ) -> Result<MessageSent, MailError> {
        let status = match is_queued {
            true => MessageStatus::Queued,
            false => MessageStatus::Delivered,
        };
        if put.is_new {
            self.shared.metrics.message_sent(status);
        }
        Ok(MessageSent {
            id: message.id,
            to: message.to,
            from: message.from,
            sent_at: rfc3339(put.at.ms()).ok_or_else(|| unreadable("a time"))?,
            status,
            unclaimed: put.is_unclaimed,
        })
    }

    /// Stores a message in its recipient's mailbox, or where it waits for an echo.
    pub(super) async fn deliver(
        &self,
        message: &Federated,
        sent_ms: Option<u64>,
        known_as: Option<String>,
    ) -> Result<StoredAt, MailError> {
        if message.to.is_echo() {
            return self.put_to_echo(message, known_as).await;
        }
        let putting = LetterToStore {
            sent_ms,
            ..coming(message, known_as)
        };
        let too_many = match message.verified {
            true => MailError::TooManyTo,
            false => MailError::TooManyUnverifiedTo,
        };
        let value = self.store(putting, false).await?;
        StoredAt::parse(answer(value, too_many)?)
    }

    /// Stores a message from another cluster, once however often it arrives. The caller has authenticated the cluster and
    /// checked that the sender's region is one of its own.
    ///
    /// # Errors
    /// Permanent: [`MailError::UnknownPlace`], [`MailError::Elsewhere`], [`MailError::Reserved`],
    /// [`MailError::Blocked`], [`MailError::UnverifiedBlocked`]. Temporary:
    /// [`MailError::TooManyTo`], [`MailError::TooManyUnverifiedTo`], [`MailError::Link`].
    pub async fn receive(&self, message: Federated) -> Result<(), MailError> {
        let to = self.home(message.to)?;
        // Two echoes would never end.
        let is_between_echoes = to.is_echo() && message.from.is_echo();
        if to.is_postmaster() || message.from.is_postmaster() || is_between_echoes {
            return Err(MailError::Reserved);
        }
        let message = Federated { to, ..message };
        // Ids are scoped by cluster: none can collide with another's or with ours.
        let peer = self.peers().of_place(message.from.place());
        let peer = peer.map_or("", |peer| &peer.name);
        let known_as = format!("peer:{peer}:{}", message.id);
        let sent_ms = Some(message.sent_ms);
        let put = self.deliver(&message, sent_ms, Some(known_as)).await?;
        if put.is_new {
            self.shared.metrics.received.inc();
        }
        Ok(())
    }

    /// Remembers a token's id for that long; false if it is already known.
    ///
    /// # Errors
    /// [`MailError::Link`].
    pub async fn accept_once(&self, token_id: &str, for_: Duration) -> Result<bool, MailError> {
        let mut call = ACCEPT_TOKEN.key(self.shared.keys.mail_token(token_id));
        call.confirm().arg(as_ms(for_).max(1));
        Ok(self.shared.link.call(&call).await?)
    }
}

/// A message as its recipient receives it.
fn coming(message: &Federated, known_as: Option<String>) -> LetterToStore<'_> {
    LetterToStore {
        address: &message.to,
        id: &message.id,
        other: &message.from,
        text: message.message.as_str(),
        verified: message.verified,
        sent_ms: None,
        is_unclaimed: false,
        known_as,
    }
}

/// A message as its sender keeps it; `sent_ms` is when it was stored for its recipient.
pub(super) fn own_copy(
    message: &Federated,
    sent_ms: u64,
    is_unclaimed: bool,
    known_as: Option<String>,
) -> LetterToStore<'_> {
    LetterToStore {
        address: &message.from,
        other: &message.to,
        sent_ms: Some(sent_ms),
        is_unclaimed,
        ..coming(message, known_as)
    }
}

/// Half of a SHA-256 over a list of texts, as hexadecimal digits.
pub(super) fn hash(texts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    }
    let mut digits = format!("{:x}", hash.finalize());
    digits.truncate(32);
    digits
}
