//! What can go wrong with a request, by status and stable name.

use super::MailRefusal;
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
    /// The draw has no player of that id: theirs are 1 to so many.
    #[error("there is no such player: ids are 1 to {0}")]
    UnknownPlayer(u32),
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
    /// Mail is not sent, read or claimed so.
    #[error(transparent)]
    Mail(#[from] MailRefusal),
    /// The call is for other clusters' servers, and this one has not proved that it comes from one.
    #[error("the token of another cluster cannot be accepted")]
    BadToken,
    /// The address brought too many tokens of other clusters that were not good; it may bring one again after so
    /// many seconds.
    #[error("too many bad tokens, for {0} s")]
    TooManyTokens(u32),
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
            | Self::TooManySearches(seconds)
            | Self::TooManyTokens(seconds) => Some(*seconds),
            Self::Mail(refusal) if refusal.wait().is_some() => refusal.wait(),
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
            Self::UnknownPlayer(_) => (404, "unknown-player", "There is no such player"),
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
            Self::BadToken => (401, "bad-token", "The token cannot be accepted"),
            Self::TooManyTokens(_) => (429, "too-many-tokens", "Too many bad tokens"),
            Self::Mail(refusal) => refusal.kind(),
        }
    }

    /// Whether it asks for a token, by the scheme of RFC 6750.
    pub(crate) fn wants_token(&self) -> bool {
        matches!(self, Self::BadToken | Self::Mail(MailRefusal::NotOwner))
    }
}
