//! Why a call to Redis failed.

use redis::{ErrorKind, RedisError, ServerErrorKind};

/// Why a call to Redis failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// There is no connection at present.
    #[error("Redis is unreachable")]
    Away,
    /// The call was sent but not answered in time: it may have taken effect.
    #[error("Redis did not answer in time")]
    Timeout,
    /// The script ran, but no replica has confirmed it in time: a failover could undo it.
    #[error("no replica of Redis confirmed the change in time")]
    Unconfirmed,
    /// Redis answered with an error, or the connection broke.
    #[error("Redis: {0}")]
    Redis(#[from] RedisError),
}

impl LinkError {
    /// Whether the error concerns this call alone, so that others may succeed.
    pub(crate) fn is_of_the_call(&self) -> bool {
        let Self::Redis(error) = self else {
            return false;
        };
        match error.kind() {
            ErrorKind::UnexpectedReturnType | ErrorKind::Server(ServerErrorKind::ResponseError) => {
                true
            }
            _ => error.code() == Some("WRONGTYPE"),
        }
    }

    /// Whether Redis is in reach and takes no writes for now: it is out of memory, its disk fails, it is a replica, or has
    /// too few of them.
    ///
    /// A script that is refused has changed nothing: Redis refuses its first write or none.
    pub(crate) fn refuses_writes(&self) -> bool {
        let Self::Redis(error) = self else {
            return false;
        };
        matches!(
            error.code(),
            Some("OOM" | "MISCONF" | "READONLY" | "NOREPLICAS")
        )
    }

    /// Whether nothing can be stored for good for now: Redis refuses writes, or its replicas do not confirm them.
    pub(crate) fn stores_nothing(&self) -> bool {
        self.refuses_writes() || matches!(self, Self::Unconfirmed)
    }

    /// Whether the connection is of no use any more: it broke, or leads to a Redis that is no longer the primary.
    pub(super) fn breaks_the_connection(&self) -> bool {
        let Self::Redis(error) = self else {
            return false;
        };
        let is_demoted = error.kind() == ErrorKind::Server(ServerErrorKind::ReadOnly);
        // A call that waits for replicas is cut short when the primary becomes one.
        let is_demoted = is_demoted || error.code() == Some("UNBLOCKED");
        is_demoted || error.is_unrecoverable_error() || error.is_io_error() || error.is_timeout()
    }

    /// Whether Redis does not know this instance (any longer).
    pub(crate) fn is_unregistered(&self) -> bool {
        matches!(self, Self::Redis(error) if error.code() == Some("UNREGISTERED"))
    }
}

/// Redis holds data that this version cannot have written.
pub(crate) fn unreadable(what: &'static str) -> LinkError {
    let kind = ErrorKind::UnexpectedReturnType;
    LinkError::Redis((kind, "cannot be read", what.to_owned()).into())
}
