//! What errors of the engine and of texts are to a client.

use super::{HttpError, MailRefusal};
use edge::{DrawError, MailError, PartyError};
use protocol::MessageTextError;

impl From<PartyError> for HttpError {
    fn from(error: PartyError) -> Self {
        match error {
            PartyError::Unknown => Self::UnknownParty,
            PartyError::NotIn => Self::NotInParty,
            PartyError::TooManyMisses(seconds) => Self::TooManyGuesses(seconds),
            PartyError::Full { limit } => Self::PartyFull(limit),
            PartyError::KeyReused => MailRefusal::KeyReused.into(),
            PartyError::Link(error) => {
                tracing::warn!(%error, "Redis did not answer for a party");
                Self::Away
            }
            error => {
                tracing::error!(%error, "A party cannot be served");
                Self::Internal
            }
        }
    }
}

impl From<MailError> for HttpError {
    fn from(error: MailError) -> Self {
        let refusal = match error {
            MailError::UnknownPlace { place, near } => MailRefusal::UnknownPlace { place, near },
            MailError::Elsewhere(cluster) => MailRefusal::AddressElsewhere(cluster),
            MailError::Reserved => MailRefusal::ReservedAddress,
            MailError::NotOwner => MailRefusal::NotOwner,
            MailError::Taken => MailRefusal::AddressTaken,
            MailError::KeyReused => MailRefusal::KeyReused,
            MailError::TooManyFrom(seconds) => MailRefusal::TooManyFrom(seconds),
            MailError::TooManyTo(seconds) => MailRefusal::TooManyTo(seconds),
            MailError::OutboxFull(cluster) => MailRefusal::OutboxFull(cluster),
            MailError::Link(error) => {
                tracing::warn!(%error, "Redis did not answer for mail");
                MailRefusal::Away
            }
            error => {
                tracing::error!(%error, "Mail cannot be served");
                return Self::Internal;
            }
        };
        refusal.into()
    }
}

impl From<DrawError> for HttpError {
    fn from(error: DrawError) -> Self {
        match error {
            DrawError::NotReady => Self::NotReady,
            DrawError::UnknownPlayer(players) => Self::UnknownPlayer(players),
            error => {
                tracing::error!(%error, "The draw cannot be served");
                Self::Internal
            }
        }
    }
}

impl From<MessageTextError> for HttpError {
    fn from(error: MessageTextError) -> Self {
        match error {
            MessageTextError::Empty => Self::Body(error.to_string()),
            MessageTextError::TooLong => MailRefusal::MessageTooLong.into(),
        }
    }
}
