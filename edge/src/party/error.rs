//! Errors of parties.

use crate::redis::LinkError;

/// Why a party operation failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PartyError {
    /// No party has that code (any longer).
    #[error("unknown party")]
    Unknown,
    /// The person is not in that party (any more).
    #[error("the person is not in the party")]
    NotIn,
    /// The party has the most participants it may have.
    #[error("the party is full: it has {limit} participants")]
    Full {
        /// The most participants.
        limit: u32,
    },
    /// The caller named too many unknown codes; retry after this many seconds.
    #[error("too many unknown party codes; retry in {0} s")]
    TooManyMisses(u32),
    /// The idempotency key was used for another message.
    #[error("the idempotency key was used for another message")]
    KeyReused,
    /// Redis did not answer; the operation may have taken effect, and can be retried.
    #[error(transparent)]
    Link(#[from] LinkError),
}
