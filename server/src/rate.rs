//! Bounds for each session and address.

use crate::config::Rates;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// How many seconds' worth of an address's clicks may come at once.
const BURST_SECONDS: u32 = 4;
/// Addresses remembered before those with nothing open are forgotten.
const PRUNE_AT_LEAST: usize = 4096;

/// So many a second over time, and so many at once.
pub(crate) fn limiter(per_second: u32, at_once: u32) -> DefaultDirectRateLimiter {
    let positive = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
    RateLimiter::direct(Quota::per_second(positive(per_second)).allow_burst(positive(at_once)))
}

/// What an address may click at once.
fn burst(per_second: u32) -> u32 {
    per_second.saturating_mul(BURST_SECONDS)
}

/// What one address does.
pub(crate) struct Address {
    clicks: DefaultDirectRateLimiter,
    connections: AtomicU32,
    connections_max: u32,
}

impl Address {
    /// Whether it may click now.
    pub(crate) fn may_click(&self) -> bool {
        self.clicks.check().is_ok()
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
    /// Whether its address may click now.
    pub(crate) fn may_click(&self) -> bool {
        self.address.may_click()
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
            let rested =
                |address: &Arc<Address>| matches!(address.clicks.check_n(burst), Ok(Ok(())));
            known
                .by_network
                .retain(|_, address| Arc::strong_count(address) > 1 || !rested(address));
            known.prune_at = (known.by_network.len() * 2).max(PRUNE_AT_LEAST);
        }
        let fresh = || {
            Arc::new(Address {
                clicks: limiter(self.rates.address_clicks, burst(self.rates.address_clicks)),
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
        })
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
