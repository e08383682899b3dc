//! Bounds for each session and address.

use crate::config::Rates;
use crate::problem::HttpError;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many seconds' worth of an address's clicks may come at once.
const BURST_SECONDS: u32 = 4;
/// Addresses remembered before those with nothing open are forgotten.
const PRUNE_AT_LEAST: usize = 4096;
/// What budgets are given for.
const MINUTE: Duration = Duration::from_secs(60);

/// So many a second over time, and so many at once.
pub(crate) fn limiter(per_second: u32, at_once: u32) -> DefaultDirectRateLimiter {
    let positive = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
    RateLimiter::direct(Quota::per_second(positive(per_second)).allow_burst(positive(at_once)))
}

/// What an address may click at once.
fn burst(per_second: u32) -> u32 {
    per_second.saturating_mul(BURST_SECONDS)
}

/// So many a minute over time, and as many at once. Unlike governor's, it can be looked at without taking
/// from it, and can go into debt.
pub(crate) struct Budget {
    per_minute: f64,
    /// What is left, and as of when.
    left: Mutex<(f64, Instant)>,
}

impl Budget {
    pub(crate) fn new(per_minute: u32) -> Self {
        let per_minute = per_minute.into();
        Self {
            per_minute,
            left: Mutex::new((per_minute, Instant::now())),
        }
    }

    /// Takes that much by then, where at least `least` is left.
    ///
    /// # Errors
    /// The seconds until that will be so, one at least.
    fn take(&self, much: f64, least: f64, now: Instant) -> Result<(), u32> {
        // A poisoned lock guards two numbers that are valid at every step: go on with them.
        let mut state = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let minutes = now.saturating_duration_since(state.1).as_secs_f64() / MINUTE.as_secs_f64();
        let left = (state.0 + minutes * self.per_minute).min(self.per_minute);
        if left >= least {
            *state = (left - much, now);
            return Ok(());
        }
        *state = (left, now);
        let seconds = (least - left) / self.per_minute * MINUTE.as_secs_f64();
        // Positive; what is too large for the type becomes its largest.
        Err(seconds.ceil().max(1.0) as u32)
    }

    /// Takes one.
    ///
    /// # Errors
    /// The seconds until there is one.
    pub(crate) fn take_one(&self) -> Result<(), u32> {
        self.take(1.0, 1.0, Instant::now())
    }

    fn has_one(&self) -> Result<(), u32> {
        self.take(0.0, 1.0, Instant::now())
    }

    fn is_whole(&self) -> bool {
        self.take(0.0, self.per_minute, Instant::now()).is_ok()
    }
}

/// What one address does.
pub(crate) struct Address {
    clicks: DefaultDirectRateLimiter,
    party_changes: Budget,
    party_misses: Budget,
    party_searches: Budget,
    connections: AtomicU32,
    connections_max: u32,
}

impl Address {
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

    /// Counts a code that it named and that is no party's.
    ///
    /// Calls that run at once may all have been allowed before the first of them misses: they leave a debt,
    /// so that over time the rate holds.
    pub(crate) fn missed_party(&self) {
        // Nothing is asked of what is left: it is always taken.
        let _taken = self
            .party_misses
            .take(1.0, f64::NEG_INFINITY, Instant::now());
    }

    /// Whether nothing would be different were it forgotten. Takes all its clicks where that is so.
    fn is_rested(&self, click_burst: NonZeroU32) -> bool {
        self.party_changes.is_whole()
            && self.party_misses.is_whole()
            && self.party_searches.is_whole()
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

/// One open socket of an address, until dropped.
pub(crate) struct Connection {
    address: Arc<Address>,
}

impl Connection {
    /// Whose socket it is.
    pub(crate) fn address(&self) -> &Address {
        &self.address
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.address.connections.fetch_sub(1, Ordering::AcqRel);
    }
}

/// All addresses that do something.
pub(crate) struct Addresses {
    known: Mutex<Known>,
    rates: Rates,
}

#[derive(Default)]
struct Known {
    by_network: HashMap<IpAddr, Arc<Address>>,
    prune_at: usize,
}

impl Addresses {
    pub(crate) fn new(rates: Rates) -> Self {
        Self {
            known: Mutex::default(),
            rates,
        }
    }

    /// What that address does.
    pub(crate) fn of(&self, address: IpAddr) -> Arc<Address> {
        // A poisoned lock guards a map that is valid at every step: go on with it.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.by_network.len() >= known.prune_at {
            // Whoever has nothing open and a whole burst left is as good as new.
            let burst = burst(self.rates.address_clicks);
            let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
            known
                .by_network
                .retain(|_, address| Arc::strong_count(address) > 1 || !address.is_rested(burst));
            known.prune_at = (known.by_network.len() * 2).max(PRUNE_AT_LEAST);
        }
        let fresh = || {
            Arc::new(Address {
                clicks: limiter(self.rates.address_clicks, burst(self.rates.address_clicks)),
                party_changes: Budget::new(self.rates.party_changes_per_minute),
                party_misses: Budget::new(self.rates.party_misses_per_minute),
                party_searches: Budget::new(self.rates.party_searches_per_minute),
                connections: AtomicU32::new(0),
                connections_max: self.rates.address_connections,
            })
        };
        known
            .by_network
            .entry(network(address))
            .or_insert_with(fresh)
            .clone()
    }
}

/// One household or server has a /64 of IPv6 to itself (RFC 6177), so that counts as one address.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() & !u128::from(u64::MAX)).into()),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses() -> Addresses {
        Addresses::new(Rates {
            session_clicks: 1,
            session_clicks_at_once: 1,
            address_clicks: 2,
            address_connections: 2,
            party_changes_per_minute: 3,
            party_misses_per_minute: 2,
            party_searches_per_minute: 2,
            messages_per_minute: 2,
            claims_per_minute: 2,
        })
    }

    #[test]
    fn an_address_changes_parties_as_often_as_it_may() {
        let address = addresses().of([10, 0, 0, 1].into());

        let allowed = (0..20)
            .filter(|_| address.may_change_party().is_ok())
            .count();

        assert_eq!(allowed, 3);
    }

    #[test]
    fn an_address_names_codes_until_it_has_missed_too_often() {
        let address = addresses().of([10, 0, 0, 1].into());

        assert!((0..20).all(|_| address.may_name_party().is_ok()));
        address.missed_party();
        assert!(address.may_name_party().is_ok());
        address.missed_party();

        let refused = address.may_name_party();
        assert!(matches!(refused, Err(HttpError::TooManyGuesses(30))));
    }

    #[test]
    fn budgets_come_back_with_time_and_debts_are_paid_first() {
        let budget = Budget::new(60);
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        let has_one = |now| budget.take(0.0, 1.0, now);

        assert_eq!(budget.take(62.0, f64::NEG_INFINITY, start), Ok(()));

        assert_eq!(has_one(after(0)), Err(3));
        assert_eq!(has_one(after(2)), Err(1));
        assert_eq!(has_one(after(4)), Ok(()));
        assert_eq!(
            budget.take(0.0, 61.0, after(3600)),
            Err(1),
            "no more than whole"
        );
    }

    #[test]
    fn an_address_clicks_a_burst_and_no_more() {
        let address = addresses().of([10, 0, 0, 1].into());

        let allowed = (0..20).filter(|_| address.may_click()).count();

        assert_eq!(allowed, 8);
    }

    #[test]
    fn connections_are_counted_while_they_last() {
        let address = addresses().of([10, 0, 0, 1].into());

        let first = address.connect();
        let _second = address.connect();
        assert!(address.connect().is_none());
        drop(first);

        assert!(address.connect().is_some());
    }

    #[test]
    fn addresses_of_one_ipv6_network_are_one() {
        let addresses = addresses();
        let of = |text: &str| addresses.of(text.parse().unwrap());

        assert!(Arc::ptr_eq(&of("2001:db8::1"), &of("2001:db8::ffff:2")));
        assert!(!Arc::ptr_eq(&of("2001:db8::1"), &of("2001:db8:0:1::1")));
        assert!(Arc::ptr_eq(&of("::ffff:10.0.0.1"), &of("10.0.0.1")));
    }
}
