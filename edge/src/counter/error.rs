//! Why clicks are refused.

/// Why a click was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClickError {
    /// The buffer is full: Redis has been unreachable for long, or there are too many clicks.
    #[error("too many clicks are waiting to be counted")]
    Full,
    /// The number is neither above the previous ones nor a retry of one, or not from 1 to 2^53 − 1.
    #[error("click numbers must increase, from 1 to 9007199254740991")]
    OutOfOrder,
    /// The idempotency key was used for a click in the other direction.
    #[error("the idempotency key was used for a click in the other direction")]
    KeyReused,
    /// The click waited for Redis for longer than its idempotency key is remembered: another instance may have counted it,
    /// and nobody would know.
    #[error("the click waited for too long to be counted once")]
    Late,
}
