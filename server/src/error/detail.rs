//! What a client can do about an error.

use super::HttpError;

impl HttpError {
    /// What to do about it.
    pub(super) fn detail(&self) -> Option<String> {
        match self {
            Self::Mail(refusal) => Some(refusal.detail()),
            Self::PartyFull(limit) => Some(format!(
                "It has {limit} participants, as many as it may have. Wait until one leaves, or create another party."
            )),
            Self::UnknownPlayer(1) => Some("There is one player: its id is 1.".into()),
            Self::UnknownPlayer(players) => {
                Some(format!("Players' ids are whole numbers, 1 to {players}."))
            }
            Self::TooManyPartyChanges(seconds) => Some(format!(
                "Parties or names were changed from this address too fast. Wait {}, then go on.",
                wait(*seconds)
            )),
            Self::TooManyGuesses(seconds) => Some(format!(
                "Too many codes from this address were of no party. Wait {}, and check the code.",
                wait(*seconds)
            )),
            Self::TooManySearches(seconds) => Some(format!(
                "Parties were looked for from this address too often. Wait {}, then look again.",
                wait(*seconds)
            )),
            Self::TooManyTokens(seconds) => Some(format!(
                "Too many tokens from this address were not good. Wait {}, and check keys, names and clocks.",
                wait(*seconds)
            )),
            other => other.advice().map(str::to_owned),
        }
    }

    /// The same of those that it is always the same for.
    fn advice(&self) -> Option<&str> {
        Some(match self {
            Self::Body(reason) | Self::Query(reason) | Self::Path(reason) => reason,
            Self::TooLarge => {
                "It has more than this call takes. A `message` has at most 4096 bytes of UTF-8."
            }
            Self::MediaType => "Send JSON, with the header Content-Type: application/json.",
            Self::IdempotencyKey => "It has 1 to 128 visible ASCII characters.",
            Self::Origin => {
                "Only this site's own pages, and programs that send no Origin, may do this."
            }
            Self::NoLiveRegion => "No server of any region is up. Try again in a few seconds.",
            Self::UnknownParty => {
                "It has ended, or the code is wrong. Create a party, or ask for the code again."
            }
            Self::NotInParty => "The device has left it, or never joined.",
            Self::TooManyClicks => "That was faster than we count. Wait a moment, then go on.",
            Self::TooManyConnections => "Close some tabs, or try again later.",
            Self::Unavailable => {
                "The click waits and will count. Send it again only with the Idempotency-Key that it had."
            }
            Self::Full => {
                "The shared state is out of reach and too many clicks wait for it. Try again later."
            }
            Self::Away => {
                "It may have been done or not. Ask for the same again in a few seconds: it is done once."
            }
            Self::NotReady => "Try again in a few seconds.",
            Self::TimedOut => "It may have been done or not. Look, then ask again.",
            Self::BadToken => {
                "Only servers of clusters that this one knows may do this, with a fresh token for each call."
            }
            _ => return None,
        })
    }
}

/// How long to wait, in words.
pub(super) fn wait(seconds: u32) -> String {
    match seconds {
        1 => "a second".into(),
        seconds => format!("{seconds} seconds"),
    }
}
