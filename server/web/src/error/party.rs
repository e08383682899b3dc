//! Why a party's action fails, and what the client is told.

use super::HttpError;
use crate::extract::key_reused;
use edge::PartyError;

impl From<PartyError> for HttpError {
    fn from(error: PartyError) -> Self {
        match error {
            PartyError::Unknown => Self::new(404, "unknown-party", "There is no such party")
                .with_detail(
                    "It has ended, or the code is wrong. Check the code, or start a party of your own.",
                ),
            PartyError::NotIn => Self::new(404, "not-in-party", "You are not in this party")
                .with_detail("You left it, perhaps in another tab, or never joined. You can join again."),
            PartyError::Full { limit } => Self::new(409, "party-full", "The party is full")
                .with_detail(format!(
                    "It has {limit} participants, the maximum. Wait until one leaves, or start another party."
                )),
            PartyError::TooManyMisses(seconds) => Self::too_many(
                "too-many-guesses",
                "Too many unknown codes",
                seconds,
                "Too many codes from this address belong to no party. Check the code.",
            ),
            PartyError::KeyReused => key_reused(),
            PartyError::Link(error) => Self::redis_away(&error),
            error => Self::logged(&error),
        }
    }
}
