//! The handle through which everything uses mail.

use super::Outbox;
use super::claim::{MailToken, Proof};
use crate::peer::Peers;
use crate::redis::{Keys, Link, LinkError};
use crate::region::Regions;
use crate::{Metrics, PersonId};
use protocol::{
    Conversation, Cursor, Federated, Inbox, Letter, MailAddress, Mailbox, MessageSent, MessageText,
    RegionCode,
};
use std::sync::Arc;
use std::time::Duration;

/// How much mail there may be.
#[derive(Clone, Copy, Debug)]
pub struct MailLimits {
    /// Entries that a mailbox keeps; the oldest go first.
    pub kept_max: u32,
    /// How long it keeps them.
    pub kept_for: Duration,
    /// Messages a minute from one address.
    pub sends_per_minute: u32,
    /// Messages a minute to one address.
    pub receives_per_minute: u32,
    /// Messages that may wait for one other cluster.
    pub outbox_max: u32,
    /// How long a message may wait there before it is given up.
    pub outbox_for: Duration,
}

impl Default for MailLimits {
    fn default() -> Self {
        Self {
            kept_max: 10_000,
            kept_for: Duration::from_secs(30 * 24 * 3600),
            sends_per_minute: 600,
            receives_per_minute: 1_200,
            outbox_max: 100_000,
            outbox_for: Duration::from_secs(24 * 3600),
        }
    }
}

/// Why mail cannot do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MailError {
    /// No cluster that this one knows has that place.
    #[error("there is no place `{place}`")]
    UnknownPlace {
        /// The place.
        place: RegionCode,
        /// Places that are alike.
        near: Vec<String>,
    },
    /// The address is of another cluster, and can only be claimed or written from there.
    #[error("the address is of the cluster `{0}`")]
    Elsewhere(String),
    /// The address is the servers' own.
    #[error("only servers use that address")]
    Reserved,
    /// The address is claimed, and not by whoever asks; or it is not claimed, and what was asked is an owner's.
    #[error("the address is not theirs")]
    NotOwner,
    /// Somebody else has claimed the address.
    #[error("the address is taken")]
    Taken,
    /// The idempotency key came with another message before.
    #[error("the idempotency key was used for another message")]
    KeyReused,
    /// Too many messages were sent from the address; one more may be after so many seconds.
    #[error("too many messages from the address, for {0} s")]
    TooManyFrom(u32),
    /// Too many messages were sent to the address; one more may be after so many seconds.
    #[error("too many messages to the address, for {0} s")]
    TooManyTo(u32),
    /// Too many messages wait for the other cluster.
    #[error("too many messages wait for the cluster `{0}`")]
    OutboxFull(String),
    /// Redis did not answer; what was asked may have happened.
    #[error(transparent)]
    Link(#[from] LinkError),
}

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

/// Whom a mailbox's owner writes with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Talks {
    /// What is news.
    pub mailbox: Mailbox,
    /// The newest letter of each conversation, newest first.
    pub newest: Vec<Letter>,
}

/// All mail of the cluster, from this instance. A cheap clone.
///
/// A call that failed with [`MailError::Link`] may have taken effect. All can be made again; a message only with an
/// idempotency key, or it may be sent twice.
#[derive(Clone)]
pub struct Mail {
    shared: Arc<Shared>,
}

struct Shared {
    link: Link,
    keys: Keys,
    regions: Regions,
    peers: Peers,
    limits: MailLimits,
    metrics: Metrics,
    instance: String,
}

impl Mail {
    pub(crate) fn new(
        (link, keys): (Link, Keys),
        (regions, peers): (Regions, Peers),
        instance: String,
        limits: MailLimits,
        metrics: Metrics,
    ) -> Self {
        let shared = Shared {
            link,
            keys,
            regions,
            peers,
            limits,
            metrics,
            instance,
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// How much mail there may be.
    #[must_use]
    pub fn limits(&self) -> MailLimits {
        self.shared.limits
    }

    /// The other clusters.
    #[must_use]
    pub fn peers(&self) -> &Peers {
        &self.shared.peers
    }

    /// Every place that mail can be sent to: codes and aliases of this cluster's regions, then other clusters'.
    #[must_use]
    pub fn places(&self) -> Vec<RegionCode> {
        todo!("engine")
    }

    /// The address with an alias replaced by its region, where its place is known, here or elsewhere.
    ///
    /// # Errors
    /// [`MailError::UnknownPlace`].
    pub fn resolve(&self, address: MailAddress) -> Result<MailAddress, MailError> {
        let _address = address;
        todo!("engine")
    }

    /// Sends a message: stores it in its recipient's mailbox, or in the outbox for another cluster. Once this
    /// returns, it is as durable as Redis is.
    ///
    /// # Errors
    /// [`MailError`]; nothing is sent then, save perhaps with [`MailError::Link`].
    pub async fn send(&self, sending: Sending) -> Result<MessageSent, MailError> {
        let _sending = sending;
        todo!("engine")
    }

    /// Claims a free address for whoever will have the token. What came before is gone.
    ///
    /// # Errors
    /// [`MailError::Taken`], [`MailError::UnknownPlace`], [`MailError::Elsewhere`], [`MailError::Reserved`],
    /// [`MailError::Link`].
    pub async fn claim(&self, address: MailAddress) -> Result<(MailAddress, MailToken), MailError> {
        let _address = address;
        todo!("engine")
    }

    /// Claims a free address for a person, or takes up one that is theirs already: it is the one that
    /// [`address_of`](Self::address_of) names from then on.
    ///
    /// # Errors
    /// As [`claim`](Self::claim).
    pub async fn claim_for(
        &self,
        person: PersonId,
        address: MailAddress,
    ) -> Result<MailAddress, MailError> {
        let _asked = (person, address);
        todo!("engine")
    }

    /// The address that a person took up last.
    ///
    /// # Errors
    /// [`MailError::Link`].
    pub async fn address_of(&self, person: PersonId) -> Result<Option<MailAddress>, MailError> {
        let _person = person;
        todo!("engine")
    }

    /// Whether an address is claimed, and theirs who bring that proof.
    ///
    /// # Errors
    /// [`MailError::Link`].
    pub async fn is_owner(&self, address: &MailAddress, proof: &Proof) -> Result<bool, MailError> {
        let _asked = (address, proof);
        todo!("engine")
    }

    /// Messages that came, oldest first: at most `limit` that came after `after`.
    ///
    /// # Errors
    /// [`MailError::NotOwner`], [`MailError::UnknownPlace`], [`MailError::Elsewhere`], [`MailError::Link`].
    pub async fn inbox(
        &self,
        address: MailAddress,
        proof: &Proof,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Inbox, MailError> {
        let _asked = (address, proof, after, limit);
        todo!("engine")
    }

    /// Everything in a mailbox, what its owner wrote as well, oldest first: at most `limit` entries after `after`.
    /// Without a proof for the operator, who has Redis anyway.
    ///
    /// # Errors
    /// As [`inbox`](Self::inbox).
    pub async fn letters(
        &self,
        address: MailAddress,
        proof: Option<&Proof>,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Vec<Letter>, MailError> {
        let _asked = (address, proof, after, limit);
        todo!("engine")
    }

    /// What is news in a mailbox, and the newest letters of its conversations: at most `limit`.
    ///
    /// # Errors
    /// As [`inbox`](Self::inbox).
    pub async fn talks(
        &self,
        address: MailAddress,
        proof: &Proof,
        limit: usize,
    ) -> Result<Talks, MailError> {
        let _asked = (address, proof, limit);
        todo!("engine")
    }

    /// The newest letters of a conversation, or the newest of those up to `before`, that one included: at most
    /// `limit`.
    ///
    /// # Errors
    /// As [`inbox`](Self::inbox).
    pub async fn conversation(
        &self,
        (address, proof): (MailAddress, &Proof),
        with: MailAddress,
        before: Option<Cursor>,
        limit: usize,
    ) -> Result<Conversation, MailError> {
        let _asked = (address, proof, with, before, limit);
        todo!("engine")
    }

    /// Marks a conversation as seen.
    ///
    /// # Errors
    /// As [`inbox`](Self::inbox).
    pub async fn mark_seen(
        &self,
        address: MailAddress,
        proof: &Proof,
        with: MailAddress,
    ) -> Result<(), MailError> {
        let _asked = (address, proof, with);
        todo!("engine")
    }

    /// Stores a message that came from another cluster, once however often it comes. That the cluster is who it
    /// says, and the sender of one of its places, is for the caller to know.
    ///
    /// # Errors
    /// [`MailError::UnknownPlace`], [`MailError::Elsewhere`] and [`MailError::Reserved`] for ever,
    /// [`MailError::TooManyTo`] and [`MailError::Link`] for a while.
    pub async fn receive(&self, message: Federated) -> Result<(), MailError> {
        let _message = message;
        todo!("engine")
    }

    /// Takes note of a token's id; false where it was noted before. It is remembered for that long.
    ///
    /// # Errors
    /// [`MailError::Link`].
    pub async fn accept_once(&self, token_id: &str, for_: Duration) -> Result<bool, MailError> {
        let _asked = (token_id, for_);
        todo!("engine")
    }

    /// What waits for another cluster; nothing where this cluster knows none of that name.
    #[must_use]
    pub fn outbox(&self, peer: &str) -> Option<Outbox> {
        let peer = self.shared.peers.named(peer)?;
        Some(Outbox::new(self.clone(), peer.name.clone()))
    }

    pub(super) fn link(&self) -> &Link {
        &self.shared.link
    }

    pub(super) fn keys(&self) -> &Keys {
        &self.shared.keys
    }

    pub(super) fn instance(&self) -> &str {
        &self.shared.instance
    }

    pub(super) fn metrics(&self) -> &Metrics {
        &self.shared.metrics
    }
}
