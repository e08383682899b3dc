//! All addresses that do something.

use super::Address;
use super::address::burst;
use crate::config::Rates;
use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};

/// Addresses remembered before those with nothing open are forgotten.
const PRUNE_AT_LEAST: usize = 4096;

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
        let fresh = || Arc::new(Address::new(&self.rates));
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
    use crate::problem::HttpError;

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
    fn an_address_sends_and_claims_as_often_as_it_may() {
        let address = addresses().of([10, 0, 0, 1].into());

        let sent = (0..20).filter(|_| address.may_send().is_ok()).count();
        let claimed = (0..20).filter(|_| address.may_claim().is_ok()).count();

        assert_eq!((sent, claimed), (2, 2));
        let problem = |refused: Result<(), HttpError>| refused.unwrap_err().problem().kind;
        assert_eq!(problem(address.may_send()), "too-many-messages");
        assert_eq!(problem(address.may_claim()), "too-many-claims");
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
