//! What each network address does, against its rate limits.

use super::Budget;
use crate::config::Rates;
use edge::MissLimit;
use moka::sync::Cache;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How many seconds' worth of an address's clicks may come at once.
const CLICK_BURST_SECONDS: u32 = 4;
/// Invalid federation tokens from one address: far more than a misconfiguration causes.
const BAD_TOKENS_PER_MINUTE: u32 = 60;
/// Exchanges of frames without a socket from one address: pages make one every three seconds, and one a click.
const EXCHANGES_PER_MINUTE: u32 = 1_200;
/// Visitors and devices that may be forgotten per minute: each is remembered for long.
const FORGETS_PER_MINUTE: u32 = 10;
/// How long an idle address is remembered: its budgets have refilled long before.
const IDLE: Duration = Duration::from_secs(3600);

/// The rate limits of one address.
pub(crate) struct Address {
    /// Clicks.
    pub(crate) clicks: Budget,
    /// Exchanges of frames without a socket.
    pub(crate) exchanges: Budget,
    /// Parties created or joined, and participants renamed.
    pub(crate) party_changes: Budget,
    /// Codes that belong to no party.
    ///
    /// Concurrent calls may all be allowed before the first of them misses, so it can go into debt.
    pub(crate) party_misses: Budget,
    /// Searches for nearby parties.
    pub(crate) party_searches: Budget,
    /// Letters and chat messages.
    pub(crate) messages: Budget,
    /// Mail addresses claimed.
    pub(crate) claims: Budget,
    /// Visitors and devices that may be forgotten.
    pub(crate) forgets: Budget,
    /// Invalid federation tokens.
    pub(crate) bad_tokens: Budget,
}

impl Address {
    fn new(rates: &Rates) -> Self {
        let clicks = rates.address_clicks;
        Self {
            clicks: Budget::per_second(clicks, clicks.saturating_mul(CLICK_BURST_SECONDS)),
            exchanges: Budget::per_minute(EXCHANGES_PER_MINUTE),
            party_changes: Budget::per_minute(rates.party_changes_per_minute),
            party_misses: Budget::per_minute(rates.party_misses_per_minute),
            party_searches: Budget::per_minute(rates.party_searches_per_minute),
            messages: Budget::per_minute(rates.messages_per_minute),
            claims: Budget::per_minute(rates.claims_per_minute),
            forgets: Budget::per_minute(FORGETS_PER_MINUTE),
            bad_tokens: Budget::per_minute(BAD_TOKENS_PER_MINUTE),
        }
    }
}

impl MissLimit for Address {
    fn may_name(&self) -> Result<(), u32> {
        self.party_misses.has_one()
    }

    fn missed(&self) {
        self.party_misses.owe_one();
    }
}

/// All addresses with recent activity.
pub(crate) struct Addresses {
    known: Cache<IpAddr, Arc<Address>>,
    connections: Arc<Mutex<HashMap<IpAddr, u32>>>,
    rates: Rates,
}

impl Addresses {
    pub(crate) fn new(rates: Rates) -> Self {
        Self {
            known: Cache::builder().time_to_idle(IDLE).build(),
            connections: Arc::default(),
            rates,
        }
    }

    /// An address's rate limits.
    pub(crate) fn of(&self, address: IpAddr) -> Arc<Address> {
        let fresh = || Arc::new(Address::new(&self.rates));
        self.known.get_with(network(address), fresh)
    }

    /// Opens a socket of an address, unless it has too many.
    pub(crate) fn connect(&self, address: IpAddr) -> Option<Connection> {
        let network = network(address);
        // A poisoned lock guards a map that is valid at every step.
        let mut open = self
            .connections
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(network).or_default();
        if *count >= self.rates.address_connections {
            return None;
        }
        *count += 1;
        Some(Connection {
            address: self.of(address),
            network,
            open: self.connections.clone(),
        })
    }
}

/// An open socket of an address, until dropped.
pub(crate) struct Connection {
    address: Arc<Address>,
    network: IpAddr,
    open: Arc<Mutex<HashMap<IpAddr, u32>>>,
}

impl Connection {
    /// The rate limits of its address.
    pub(crate) fn address(&self) -> &Arc<Address> {
        &self.address
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(self.network).or_default();
        *count = count.saturating_sub(1);
        if *count == 0 {
            open.remove(&self.network);
        }
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
    fn an_address_does_as_much_as_it_may() {
        let address = addresses().of([10, 0, 0, 1].into());
        let allowed = |budget: &Budget| (0..20).filter(|_| budget.take_one().is_ok()).count();

        assert_eq!(allowed(&address.party_changes), 3);
        assert_eq!(allowed(&address.messages), 2);
        assert_eq!(allowed(&address.claims), 2);
        assert_eq!(allowed(&address.clicks), 8);
    }

    #[test]
    fn an_address_names_codes_until_it_has_missed_too_often() {
        let misses = &addresses().of([10, 0, 0, 1].into()).party_misses;

        assert!((0..20).all(|_| misses.has_one().is_ok()));
        misses.owe_one();
        assert_eq!(misses.has_one(), Ok(()));
        misses.owe_one();

        assert_eq!(misses.has_one(), Err(30));
    }

    #[test]
    fn connections_are_counted_while_they_last() {
        let addresses = addresses();
        let connect = || addresses.connect([10, 0, 0, 1].into());

        let first = connect();
        let _second = connect();
        assert!(connect().is_none());
        drop(first);

        assert!(connect().is_some());
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
