//! What can go wrong with a request, and what the client is told of it.

use edge::PartyError;
use protocol::Problem;

/// How long to wait where nothing says how long it will last.
const RETRY_AFTER_SECONDS: u32 = 2;

/// What a handler fails with.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HttpError {
    /// The body is not what the call takes. The text never quotes it: it may hold a device's id.
    #[error("the body cannot be used: {0}")]
    Body(String),
    /// The body is not of the media type that the call takes.
    #[error("the body is not JSON")]
    MediaType,
    /// The body is too large.
    #[error("the body is too large")]
    TooLarge,
    /// The query is not what the call takes. The text names the field and never quotes it.
    #[error("the query cannot be used: {0}")]
    Query(String),
    /// A segment of the path cannot be what it stands for. The text never quotes it.
    #[error("the path cannot be used: {0}")]
    Path(String),
    /// The `Idempotency-Key` header is not usable.
    #[error("the idempotency key cannot be used")]
    IdempotencyKey,
    /// A page of another site made the request.
    #[error("the request came from another site")]
    Origin,
    /// No region has a live instance.
    #[error("no region lives")]
    NoLiveRegion,
    /// There is no party of that code.
    #[error("there is no such party")]
    UnknownParty,
    /// The device is not in that party.
    #[error("the device is not in the party")]
    NotInParty,
    /// The party has as many participants as it may have.
    #[error("the party is full: it has {0} participants")]
    PartyFull(u32),
    /// The address or session clicks too fast.
    #[error("too many clicks")]
    TooManyClicks,
    /// The address has too many sockets open.
    #[error("too many connections")]
    TooManyConnections,
    /// The address creates and joins parties too fast, or renames; it may again after so many seconds.
    #[error("too many party changes, for {0} s")]
    TooManyPartyChanges(u32),
    /// The address named too many codes that are no party's; it may name one again after so many seconds.
    #[error("too many guesses, for {0} s")]
    TooManyGuesses(u32),
    /// The address looks for nearby parties too often; it may again after so many seconds.
    #[error("too many searches, for {0} s")]
    TooManySearches(u32),
    /// The click waits, since Redis is away.
    #[error("Redis is out of reach and the click waits")]
    Unavailable,
    /// The click cannot be kept: Redis is away and too many wait for it.
    #[error("too many clicks wait for Redis")]
    Full,
    /// What was asked cannot be done or known: Redis is away.
    #[error("Redis is out of reach")]
    Away,
    /// The instance has not seen the world yet, or shuts down.
    #[error("this instance is not ready")]
    NotReady,
    /// The answer took too long.
    #[error("that took too long")]
    TimedOut,
    /// A fault of ours.
    #[error("internal error")]
    Internal,
}

impl HttpError {
    /// What the client is told.
    pub(crate) fn problem(&self) -> Problem {
        let (status, kind, title) = self.kind();
        let problem = Problem::new(status, kind, title);
        match self.detail() {
            Some(detail) => problem.with_detail(detail),
            None => problem,
        }
    }

    /// How many seconds to wait before the same is asked again, where waiting helps.
    pub(crate) fn retry_after(&self) -> Option<u32> {
        match self {
            Self::TooManyPartyChanges(seconds)
            | Self::TooManyGuesses(seconds)
            | Self::TooManySearches(seconds) => Some(*seconds),
            _ => matches!(self.kind().0, 429 | 503).then_some(RETRY_AFTER_SECONDS),
        }
    }

    /// Its status, its stable name, and its title.
    fn kind(&self) -> (u16, &'static str, &'static str) {
        match self {
            Self::Query(_) => (400, "bad-query", "The query cannot be used"),
            Self::Path(_) => (400, "bad-path", "The address cannot be used"),
            Self::IdempotencyKey => (
                400,
                "bad-idempotency-key",
                "The Idempotency-Key cannot be used",
            ),
            Self::Origin => (403, "other-origin", "Another site made this request"),
            Self::NoLiveRegion => (404, "no-live-region", "No region lives"),
            Self::UnknownParty => (404, "unknown-party", "There is no such party"),
            Self::NotInParty => (404, "not-in-party", "You are not in this party"),
            Self::PartyFull(_) => (409, "party-full", "The party is full"),
            Self::TooLarge => (413, "too-large", "The body is too large"),
            Self::MediaType => (415, "not-json", "The body is not JSON"),
            Self::Body(_) => (422, "bad-body", "The body cannot be used"),
            Self::TooManyClicks => (429, "too-many-clicks", "Too many clicks"),
            Self::TooManyConnections => (429, "too-many-connections", "Too many connections"),
            Self::TooManyPartyChanges(_) => {
                (429, "too-many-party-changes", "Too many parties at once")
            }
            Self::TooManyGuesses(_) => (429, "too-many-guesses", "Too many codes of no party"),
            Self::TooManySearches(_) => (429, "too-many-searches", "Too many searches"),
            Self::Unavailable | Self::Away => {
                (503, "redis-away", "The shared state is out of reach")
            }
            Self::Full => (503, "redis-away", "This click cannot be kept"),
            Self::NotReady => (503, "not-ready", "This server is not ready"),
            Self::TimedOut => (504, "timed-out", "That took too long"),
            Self::Internal => (500, "internal", "Something went wrong on our side"),
        }
    }

    /// What to do about it.
    fn detail(&self) -> Option<String> {
        let text = match self {
            Self::Body(reason) | Self::Query(reason) | Self::Path(reason) => reason,
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
            Self::PartyFull(limit) => {
                return Some(format!(
                    "It has {limit} participants, as many as it may have. Wait until one leaves, or create another party."
                ));
            }
            Self::TooManyClicks => "That was faster than we count. Wait a moment, then go on.",
            Self::TooManyConnections => "Close some tabs, or try again later.",
            Self::TooManyPartyChanges(seconds) => {
                return Some(format!(
                    "Parties or names were changed from this address too fast. Wait {}, then go on.",
                    wait(*seconds)
                ));
            }
            Self::TooManyGuesses(seconds) => {
                return Some(format!(
                    "Too many codes from this address were of no party. Wait {}, and check the code.",
                    wait(*seconds)
                ));
            }
            Self::TooManySearches(seconds) => {
                return Some(format!(
                    "Parties were looked for from this address too often. Wait {}, then look again.",
                    wait(*seconds)
                ));
            }
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
            Self::TooLarge | Self::Internal => return None,
        };
        Some(text.to_owned())
    }
}

fn wait(seconds: u32) -> String {
    match seconds {
        1 => "a second".into(),
        seconds => format!("{seconds} seconds"),
    }
}

impl From<PartyError> for HttpError {
    fn from(error: PartyError) -> Self {
        match error {
            PartyError::Unknown => Self::UnknownParty,
            PartyError::NotIn => Self::NotInParty,
            PartyError::Full { limit } => Self::PartyFull(limit),
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

impl From<edge::MailError> for HttpError {
    fn from(error: edge::MailError) -> Self {
        tracing::error!(%error, "Mail cannot be served");
        Self::Internal
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;

    #[test]
    fn every_error_has_its_status_and_kind() {
        let expected = [
            (HttpError::Body("x".into()), 422, "bad-body"),
            (HttpError::MediaType, 415, "not-json"),
            (HttpError::TooLarge, 413, "too-large"),
            (HttpError::Query("x".into()), 400, "bad-query"),
            (HttpError::Path("x".into()), 400, "bad-path"),
            (HttpError::IdempotencyKey, 400, "bad-idempotency-key"),
            (HttpError::Origin, 403, "other-origin"),
            (HttpError::NoLiveRegion, 404, "no-live-region"),
            (HttpError::UnknownParty, 404, "unknown-party"),
            (HttpError::NotInParty, 404, "not-in-party"),
            (HttpError::PartyFull(64), 409, "party-full"),
            (HttpError::TooManyClicks, 429, "too-many-clicks"),
            (HttpError::TooManyConnections, 429, "too-many-connections"),
            (
                HttpError::TooManyPartyChanges(9),
                429,
                "too-many-party-changes",
            ),
            (HttpError::TooManyGuesses(9), 429, "too-many-guesses"),
            (HttpError::TooManySearches(9), 429, "too-many-searches"),
            (HttpError::Unavailable, 503, "redis-away"),
            (HttpError::Full, 503, "redis-away"),
            (HttpError::Away, 503, "redis-away"),
            (HttpError::NotReady, 503, "not-ready"),
            (HttpError::TimedOut, 504, "timed-out"),
            (HttpError::Internal, 500, "internal"),
        ];
        for (error, status, kind) in expected {
            let problem = error.problem();
            assert_eq!((problem.status, problem.kind.as_str()), (status, kind));
            assert_eq!(error.into_response().status().as_u16(), status);
        }
    }

    #[test]
    fn a_full_party_says_how_many_it_has_and_what_to_do() {
        let detail = HttpError::PartyFull(64).problem().detail.unwrap();

        assert!(detail.contains("64 participants") && detail.contains("another party"));
    }

    #[test]
    fn what_the_engine_says_of_parties_is_told() {
        let told = |error: PartyError| HttpError::from(error).problem().kind;

        assert_eq!(told(PartyError::Unknown), "unknown-party");
        assert_eq!(told(PartyError::NotIn), "not-in-party");
        assert_eq!(told(PartyError::Full { limit: 2 }), "party-full");
        assert_eq!(told(edge::LinkError::Away.into()), "redis-away");
    }
}
