//! What each network address does, against its rate limits.

use super::Budget;
use super::network::{Network, household, network};
use crate::config::Rates;
use crate::visitor_cookie::Keys;
use edge::{MissLimit, NetworkId};
use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Invalid federation tokens from one address: far more than a misconfiguration causes.
const BAD_TOKENS_PER_MINUTE: u32 = 60;
/// Pictures drawn for one address, each of which takes a core some hundredths of a second.
const DRAWINGS_PER_MINUTE: u32 = 30;
/// Polls and other documents created, and players' numbers taken, from one address: each is kept for long.
const CREATIONS_PER_MINUTE: u32 = 60;
/// Exchanges of frames without a socket from one address: pages make one every three seconds, and one a click.
const EXCHANGES_PER_MINUTE: u32 = 1_200;
/// Visitors and devices that may be forgotten per minute: each is remembered for long.
const FORGETS_PER_MINUTE: u32 = 10;
/// How long an idle address is remembered: its budgets have refilled long before.
const IDLE: Duration = Duration::from_secs(3600);
/// How many are remembered, of addresses and of networks: some hundred megabytes. Then whoever has been idle for longest
/// is forgotten.
const KNOWN_MAX: u64 = 200_000;

/// The rate limits of one address.
pub struct Address {
    /// Clicks.
    pub clicks: Budget,
    /// Documents changed or created.
    pub changes: Budget,
    /// Polls and other documents created, and players' numbers taken.
    pub creations: Budget,
    /// Exchanges of frames without a socket.
    pub exchanges: Budget,
    /// Parties created or joined, and participants renamed.
    pub party_changes: Budget,
    /// Codes that belong to no party.
    ///
    /// Concurrent calls may all be allowed before the first of them misses, so it can go into debt.
    pub party_misses: Budget,
    /// Searches for nearby parties.
    pub party_searches: Budget,
    /// Letters and chat messages.
    pub messages: Budget,
    /// Mail addresses claimed.
    pub claims: Budget,
    /// Visitors and devices that may be forgotten.
    pub forgets: Budget,
    /// Invalid federation tokens.
    pub bad_tokens: Budget,
    /// Pictures drawn.
    pub drawings: Budget,
    /// What it shares with its neighbours.
    pub(super) network: Arc<Network>,
    /// The misses per minute in the whole cluster above which each counts as several.
    cluster_misses: u32,
}

impl Address {
    /// The network that it belongs to, as Redis knows it.
    pub fn network_id(&self, keys: &Keys) -> NetworkId {
        keys.identity.network(self.network.first)
    }

    fn new(rates: &Rates, network: Arc<Network>) -> Self {
        Self {
            clicks: Budget::bursting(rates.address_clicks),
            changes: Budget::bursting(rates.address_changes),
            creations: Budget::per_minute(CREATIONS_PER_MINUTE),
            exchanges: Budget::per_minute(EXCHANGES_PER_MINUTE),
            party_changes: Budget::per_minute(rates.party_changes_per_minute),
            party_misses: Budget::per_minute(rates.party_misses_per_minute),
            party_searches: Budget::per_minute(rates.party_searches_per_minute),
            messages: Budget::per_minute(rates.messages_per_minute),
            claims: Budget::per_minute(rates.claims_per_minute),
            forgets: Budget::per_minute(FORGETS_PER_MINUTE),
            bad_tokens: Budget::per_minute(BAD_TOKENS_PER_MINUTE),
            drawings: Budget::per_minute(DRAWINGS_PER_MINUTE),
            network,
            cluster_misses: rates.cluster_party_misses_per_minute,
        }
    }
}

impl MissLimit for Address {
    fn may_name(&self) -> Result<(), u32> {
        let both = [&self.party_misses, &self.network.party_misses].map(Budget::has_one);
        match both.into_iter().filter_map(Result::err).max() {
            Some(seconds) => Err(seconds),
            None => Ok(()),
        }
    }

    /// With three times as many misses in the cluster as there should be, each counts as nine. An address and a network may
    /// always miss once a minute: no budget is emptied more than once by a miss.
    fn missed(&self, in_cluster: u32) {
        let excess = f64::from(in_cluster) / f64::from(self.cluster_misses);
        let count = excess.powi(2).max(1.0);
        self.party_misses.owe(count);
        self.network.party_misses.owe(count);
    }
}

/// All addresses with recent activity.
pub(crate) struct Addresses {
    known: Cache<IpAddr, Arc<Address>>,
    networks: Cache<IpAddr, Arc<Network>>,
    connections: Arc<Mutex<HashMap<IpAddr, u32>>>,
    rates: Rates,
}

impl Addresses {
    pub(crate) fn new(rates: Rates) -> Self {
        Self {
            known: remembered(),
            networks: remembered(),
            connections: Arc::default(),
            rates,
        }
    }

    /// An address's rate limits.
    pub(crate) fn of(&self, address: IpAddr) -> Arc<Address> {
        let fresh = || {
            let first = network(address);
            let fresh = || Arc::new(Network::new(first, &self.rates));
            let network = self.networks.get_with(first, fresh);
            Arc::new(Address::new(&self.rates, network))
        };
        self.known.get_with(household(address), fresh)
    }

    /// Opens a socket of an address, unless it has too many.
    pub(crate) fn connect(&self, address: IpAddr) -> Option<Connection> {
        let household = household(address);
        // A poisoned lock guards a map that is valid at every step.
        let mut open = self
            .connections
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(household).or_default();
        if *count >= self.rates.address_connections {
            return None;
        }
        *count += 1;
        Some(Connection {
            address: self.of(address),
            household,
            open: self.connections.clone(),
        })
    }
}

/// An open socket of an address, until dropped.
pub(crate) struct Connection {
    address: Arc<Address>,
    household: IpAddr,
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
        let count = open.entry(self.household).or_default();
        *count = count.saturating_sub(1);
        if *count == 0 {
            open.remove(&self.household);
        }
    }
}

/// Remembers whoever was active lately.
fn remembered<T: Clone + Send + Sync + 'static>() -> Cache<IpAddr, T> {
    Cache::builder()
        .time_to_idle(IDLE)
        .max_capacity(KNOWN_MAX)
        .eviction_policy(EvictionPolicy::lru())
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses() -> Addresses {
        Addresses::new(Rates {
            session_clicks: 1,
            session_clicks_at_once: 1,
            address_clicks: 2,
            session_changes: 1,
            address_changes: 5,
            address_connections: 2,
            party_changes_per_minute: 3,
            party_misses_per_minute: 2,
            network_party_misses_per_minute: 3,
            cluster_party_misses_per_minute: 100,
            party_searches_per_minute: 2,
            messages_per_minute: 2,
            claims_per_minute: 2,
        })
    }

    #[test]
    fn an_address_does_as_much_as_it_may() {
        let address = addresses().of([10, 0, 0, 1].into());
        let allowed = |budget: &Budget| (0..30).filter(|_| budget.take_one().is_ok()).count();

        assert_eq!(allowed(&address.party_changes), 3);
        assert_eq!(allowed(&address.messages), 2);
        assert_eq!(allowed(&address.claims), 2);
        assert_eq!(allowed(&address.clicks), 8);
        assert_eq!(allowed(&address.changes), 20);
    }

    #[test]
    fn an_address_names_codes_until_it_has_missed_too_often() {
        let address = &addresses().of([10, 0, 0, 1].into());

        assert!((0..20).all(|_| address.may_name().is_ok()));
        address.missed(1);
        assert_eq!(address.may_name(), Ok(()));
        address.missed(2);

        assert_eq!(address.may_name(), Err(30));
    }

    #[test]
    fn the_addresses_of_a_network_share_its_misses() {
        let addresses = addresses();
        let of = |text: &str| addresses.of(text.parse().unwrap());

        for (guessers, neighbour, stranger) in [
            (["10.1.2.3", "10.1.2.4", "10.1.2.5"], "10.1.2.6", "10.1.3.3"),
            (
                ["2001:db8:0:1::1", "2001:db8:0:2::1", "2001:db8:0:ffff::1"],
                "2001:db8:0:4::1",
                "2001:db8:1:1::1",
            ),
        ] {
            for guesser in guessers {
                of(guesser).missed(1);
            }

            assert_eq!(of(neighbour).may_name(), Err(20));
            assert_eq!(of(stranger).may_name(), Ok(()));
        }
    }

    #[test]
    fn a_miss_counts_for_more_while_the_cluster_has_too_many() {
        let addresses = addresses();
        let after_one = |at: u8, in_cluster| {
            let address = addresses.of([10, 0, at, 1].into());
            address.missed(in_cluster);
            address.may_name()
        };

        assert_eq!(after_one(1, 100), Ok(()));
        assert_eq!(after_one(2, 130), Err(21), "1.69 of its 2");
        assert_eq!(after_one(3, u32::MAX), Err(30), "never more than all");
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
