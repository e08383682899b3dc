//! Errors of mail.

use crate::redis::LinkError;
use protocol::RegionCode;

/// Why a mail operation failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MailError {
    /// Neither this cluster nor a known other one has that region.
    #[error("unknown region `{place}`")]
    UnknownPlace {
        /// The region's code.
        place: RegionCode,
        /// Similar ones.
        near: Vec<String>,
    },
    /// The address belongs to another cluster: only that one can claim it or send from it.
    #[error("the address belongs to the cluster `{0}`")]
    Elsewhere(String),
    /// The address is reserved for the servers' notices or answers.
    #[error("the address is reserved for servers")]
    Reserved,
    /// The caller does not own the address: somebody else has claimed it, or nobody has.
    #[error("the caller does not own the address")]
    NotOwner,
    /// Somebody else has claimed the address.
    #[error("the address is taken")]
    Taken,
    /// Somebody has given the address back, and nobody else may claim it yet.
    #[error("the address was given back not long ago")]
    GivenBack,
    /// The idempotency key was used for another message.
    #[error("the idempotency key was used for another message")]
    KeyReused,
    /// Too many messages were sent from the address; retry after this many seconds.
    #[error("too many messages from the address; retry in {0} s")]
    TooManyFrom(u32),
    /// Too many messages were sent to the address; retry after this many seconds.
    #[error("too many messages to the address; retry in {0} s")]
    TooManyTo(u32),
    /// Too many messages were sent to the address by unverified senders; retry after this many seconds.
    #[error("too many messages of unverified senders to the address; retry in {0} s")]
    TooManyUnverifiedTo(u32),
    /// Too many messages were sent by unverified senders from the client's network; retry after this many seconds.
    #[error("too many messages of unverified senders from the network; retry in {0} s")]
    TooManyUnverifiedFrom(u32),
    /// The outbox for that cluster is full.
    #[error("the outbox for the cluster `{0}` is full")]
    OutboxFull(String),
    /// The sender's share of the outbox for that cluster is used up, or that of all unverified senders; true for a verified
    /// one.
    #[error("the share of the outbox for the cluster `{0}` is used up")]
    OutboxShare(String, bool),
    /// The recipient has blocked the sender or their cluster.
    #[error("the recipient has blocked the sender")]
    Blocked,
    /// The recipient accepts letters from verified senders only.
    #[error("the recipient accepts letters from verified senders only")]
    UnverifiedBlocked,
    /// The address has as many blocks as it may.
    #[error("the address has too many blocks")]
    TooManyBlocks,
    /// No other cluster that is known has that name.
    #[error("no such cluster")]
    UnknownCluster,
    /// Redis did not answer; the operation may have taken effect.
    #[error(transparent)]
    Link(#[from] LinkError),
}
