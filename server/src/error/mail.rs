//! What can go wrong with mail, and what the client is told of it.

use super::detail::wait;
use protocol::{MESSAGE_MAX_BYTES, RegionCode};

/// Why mail is not sent, read or claimed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MailRefusal {
    /// No cluster that this one knows has that place.
    #[error("there is no place `{place}`")]
    UnknownPlace {
        /// The place.
        place: RegionCode,
        /// Places that are alike.
        near: Vec<String>,
    },
    /// The address is of that other cluster, and can only be claimed, read or written from there.
    #[error("the address is of the cluster `{0}`")]
    AddressElsewhere(String),
    /// The address is the servers' own.
    #[error("only servers use that address")]
    ReservedAddress,
    /// Nothing shows that the address is theirs. The same whether nobody has claimed it or somebody else has.
    #[error("the address is not theirs")]
    NotOwner,
    /// Somebody else has claimed the address.
    #[error("the address is taken")]
    AddressTaken,
    /// The idempotency key came with another message before.
    #[error("the idempotency key was used for another message")]
    KeyReused,
    /// The message is longer than one may be.
    #[error("the message is too long")]
    MessageTooLong,
    /// The network address sends too many messages; it may send one again after so many seconds.
    #[error("too many messages, for {0} s")]
    TooManyMessages(u32),
    /// Too many messages come from the mail address; one more may after so many seconds.
    #[error("too many messages from the address, for {0} s")]
    TooManyFrom(u32),
    /// Too many messages go to the mail address; one more may after so many seconds.
    #[error("too many messages to the address, for {0} s")]
    TooManyTo(u32),
    /// The network address claims too many mail addresses; it may claim one again after so many seconds.
    #[error("too many claims, for {0} s")]
    TooManyClaims(u32),
    /// Too many messages wait for that other cluster.
    #[error("too many messages wait for the cluster `{0}`")]
    OutboxFull(String),
    /// What was asked of mail cannot be done or known: Redis is away.
    #[error("Redis is out of reach for mail")]
    Away,
    /// What was to be said in a party's room may have been or not: Redis is away.
    #[error("Redis is out of reach for a party's room")]
    SaidOrNot,
}

impl MailRefusal {
    /// Its status, its stable name, and its title.
    pub(super) fn kind(&self) -> (u16, &'static str, &'static str) {
        match self {
            Self::NotOwner => (401, "not-owner", "This address is not yours"),
            Self::ReservedAddress => (403, "reserved-address", "Only servers use this address"),
            Self::UnknownPlace { .. } => (404, "unknown-place", "There is no such place"),
            Self::AddressTaken => (409, "address-taken", "This address is taken"),
            Self::MessageTooLong => (413, "message-too-long", "The message is too long"),
            Self::AddressElsewhere(_) => (
                422,
                "address-elsewhere",
                "This address is of another cluster",
            ),
            Self::KeyReused => (422, "key-reused", "The Idempotency-Key was used before"),
            Self::TooManyMessages(_) | Self::TooManyFrom(_) | Self::TooManyTo(_) => {
                (429, "too-many-messages", "Too many messages")
            }
            Self::TooManyClaims(_) => (429, "too-many-claims", "Too many addresses at once"),
            Self::OutboxFull(_) => (503, "outbox-full", "Too much mail waits for that cluster"),
            Self::Away | Self::SaidOrNot => (503, "redis-away", "The shared state is out of reach"),
        }
    }

    /// How many seconds to wait, where that is known.
    pub(super) fn wait(&self) -> Option<u32> {
        match self {
            Self::TooManyMessages(seconds)
            | Self::TooManyFrom(seconds)
            | Self::TooManyTo(seconds)
            | Self::TooManyClaims(seconds) => Some(*seconds),
            _ => None,
        }
    }

    /// What to do about it.
    pub(super) fn detail(&self) -> String {
        match self {
            Self::UnknownPlace { place, near } => unknown_place(place, near),
            Self::AddressElsewhere(cluster) => format!(
                "It is of the cluster {cluster}: who has it claims it, reads its mail and writes from it there."
            ),
            Self::ReservedAddress => "Servers write notices from it. Choose another name.".into(),
            Self::NotOwner => {
                "It takes the token with which the address was claimed, or a page of its owner's. Nobody reads \
                 the mail of an address before it is claimed."
                    .into()
            }
            Self::AddressTaken => "Somebody has claimed it. Choose another name.".into(),
            Self::KeyReused => {
                "It came with another message before. Take a new key for each message.".into()
            }
            Self::MessageTooLong => {
                format!("`message` has at most {MESSAGE_MAX_BYTES} bytes of UTF-8.")
            }
            Self::TooManyMessages(seconds) => format!(
                "That was faster than messages are taken from one computer. Wait {}, then go on.",
                wait(*seconds)
            ),
            Self::TooManyFrom(seconds) => format!(
                "That was faster than messages are taken from one address. Wait {}, then go on.",
                wait(*seconds)
            ),
            Self::TooManyTo(seconds) => format!(
                "Too many messages go to that address right now. Wait {}, then send it again.",
                wait(*seconds)
            ),
            Self::TooManyClaims(seconds) => format!(
                "Too many addresses were claimed from one computer. Wait {}, then go on.",
                wait(*seconds)
            ),
            Self::OutboxFull(cluster) => format!(
                "The cluster {cluster} takes no mail right now, and as much waits for it as may. Send it again later."
            ),
            Self::Away => {
                "It may have been done or not. Look first; a message is sent once if it is sent again with the \
                 Idempotency-Key that it had."
                    .into()
            }
            Self::SaidOrNot => {
                "It may have been said or not. Look in a few seconds, then say it again.".into()
            }
        }
    }
}

fn unknown_place(place: &RegionCode, near: &[String]) -> String {
    let alike = match near {
        [] => String::new(),
        [one] => format!(" {one} is alike."),
        [first @ .., last] => format!(" {} and {last} are alike.", first.join(", ")),
    };
    format!("Nobody knows a place `{place}`.{alike} An address begins with its place.")
}
