//! Why mail cannot do what was asked.

use super::scripts::Answer;
use crate::redis::{LinkError, unreadable};
use protocol::RegionCode;

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

impl<T> Answer<T> {
    /// What was asked of a mailbox by whoever says that it is theirs.
    pub(super) fn owned(self) -> Result<T, MailError> {
        match self {
            Self::Done(done) => Ok(done),
            Self::NotOwner => Err(MailError::NotOwner),
            Self::KeyReused => Err(MailError::KeyReused),
            Self::Wait(_) => Err(unreadable("an answer").into()),
        }
    }
}

/// Whole seconds in which so many milliseconds are over.
pub(super) fn seconds(ms: u64) -> u32 {
    u32::try_from(ms.div_ceil(1_000)).unwrap_or(u32::MAX)
}
