//! What one address does.

use super::{Budget, limiter};
use crate::config::Rates;
use crate::problem::{HttpError, MailRefusal};
use edge::MissLimit;
use governor::DefaultDirectRateLimiter;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// How many seconds' worth of an address's clicks may come at once.
const BURST_SECONDS: u32 = 4;

/// Tokens of other clusters that are not good, from one address: many more than a mistake makes.
const BAD_TOKENS_PER_MINUTE: u32 = 60;

/// What an address may click at once.
pub(super) fn burst(per_second: u32) -> u32 {
    per_second.saturating_mul(BURST_SECONDS)
}

/// What one address does.
pub(crate) struct Address {
    clicks: DefaultDirectRateLimiter,
    party_changes: Budget,
    party_misses: Budget,
    party_searches: Budget,
    messages: Budget,
    claims: Budget,
    bad_tokens: Budget,
    connections: AtomicU32,
    connections_max: u32,
}

impl Address {
    pub(super) fn new(rates: &Rates) -> Self {
        Self {
            clicks: limiter(rates.address_clicks, burst(rates.address_clicks)),
            party_changes: Budget::new(rates.party_changes_per_minute),
            party_misses: Budget::new(rates.party_misses_per_minute),
            party_searches: Budget::new(rates.party_searches_per_minute),
            messages: Budget::new(rates.messages_per_minute),
            claims: Budget::new(rates.claims_per_minute),
            bad_tokens: Budget::new(BAD_TOKENS_PER_MINUTE),
            connections: AtomicU32::new(0),
            connections_max: rates.address_connections,
        }
    }

    /// Whether it may click now.
    pub(crate) fn may_click(&self) -> bool {
        self.clicks.check().is_ok()
    }

    /// Whether it may create or join a party, or rename somebody in one, now; this counts as one of its changes.
    pub(crate) fn may_change_party(&self) -> Result<(), HttpError> {
        let taken = self.party_changes.take_one();
        taken.map_err(HttpError::TooManyPartyChanges)
    }

    /// Whether it may name a party's code now: not while it has guessed too many that are no party's.
    pub(crate) fn may_name_party(&self) -> Result<(), HttpError> {
        let left = self.party_misses.has_one();
        left.map_err(HttpError::TooManyGuesses)
    }

    /// Whether it may look for nearby parties now; this counts as one of its searches.
    pub(crate) fn may_search_parties(&self) -> Result<(), HttpError> {
        let taken = self.party_searches.take_one();
        taken.map_err(HttpError::TooManySearches)
    }

    /// Whether it may send a message now, to a mailbox or a party's room; this counts as one.
    pub(crate) fn may_send(&self) -> Result<(), HttpError> {
        let taken = self.messages.take_one();
        taken.map_err(|seconds| MailRefusal::TooManyMessages(seconds).into())
    }

    /// Whether it may claim a mail address now; this counts as one of its claims.
    pub(crate) fn may_claim(&self) -> Result<(), HttpError> {
        let taken = self.claims.take_one();
        taken.map_err(|seconds| MailRefusal::TooManyClaims(seconds).into())
    }

    /// Counts a token of another cluster that was not good.
    ///
    /// # Errors
    /// [`HttpError::TooManyTokens`] where it brought too many such.
    pub(crate) fn brought_bad_token(&self) -> Result<(), HttpError> {
        let taken = self.bad_tokens.take_one();
        taken.map_err(HttpError::TooManyTokens)
    }

    /// Counts a code that it named and that is no party's.
    ///
    /// Calls that run at once may all have been allowed before the first of them misses: they leave a debt,
    /// so that over time the rate holds.
    pub(crate) fn missed_party(&self) {
        self.party_misses.owe_one();
    }

    /// Whether nothing would be different were it forgotten. Takes all its clicks where that is so.
    pub(super) fn is_rested(&self, click_burst: NonZeroU32) -> bool {
        self.party_changes.is_whole()
            && self.party_misses.is_whole()
            && self.party_searches.is_whole()
            && self.messages.is_whole()
            && self.claims.is_whole()
            && self.bad_tokens.is_whole()
            && matches!(self.clicks.check_n(click_burst), Ok(Ok(())))
    }

    /// Opens a socket, where it has not too many.
    pub(crate) fn connect(self: &Arc<Self>) -> Option<Connection> {
        let open = self.connections.fetch_add(1, Ordering::AcqRel);
        let connection = Connection {
            address: self.clone(),
        };
        // Dropping the connection takes it back.
        (open < self.connections_max).then_some(connection)
    }
}

impl MissLimit for Address {
    fn may_name(&self) -> Result<(), u32> {
        self.party_misses.has_one()
    }

    fn missed(&self) {
        self.missed_party();
    }
}

/// One open socket of an address, until dropped.
pub(crate) struct Connection {
    address: Arc<Address>,
}

impl Connection {
    /// Whose socket it is.
    pub(crate) fn address(&self) -> &Arc<Address> {
        &self.address
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.address.connections.fetch_sub(1, Ordering::AcqRel);
    }
}
