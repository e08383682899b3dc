//! The networks that addresses belong to.

use super::Budget;
use super::memory::Memory;
use crate::config::Rates;
use std::net::IpAddr;

/// The rate limits that a network's addresses share: whoever has one such network has all its addresses.
pub(crate) struct Network {
    /// Its first address.
    pub(super) first: IpAddr,
    /// Codes that belong to no party; like [`super::Address::party_misses`].
    pub(super) party_misses: Budget,
    /// What its visitors leave behind.
    pub(super) memory: Memory,
}

impl Network {
    pub(super) fn new(first: IpAddr, rates: &Rates) -> Self {
        Self {
            first,
            memory: Memory::default(),
            party_misses: Budget::per_minute(rates.network_party_misses_per_minute),
        }
    }
}

/// What counts as one address. One household or server has a /64 of IPv6 to itself (RFC 6177).
pub(crate) fn household(address: IpAddr) -> IpAddr {
    cut(address, 32, 64)
}

/// What counts as one network: a /24 of IPv4, a /48 of IPv6, the most that one customer commonly gets.
pub(super) fn network(address: IpAddr) -> IpAddr {
    cut(address, 24, 48)
}

/// Keeps so many bits of an address of either version.
fn cut(address: IpAddr, v4_bits: u32, v6_bits: u32) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            IpAddr::V4((address.to_bits() & (u32::MAX << (32 - v4_bits))).into())
        }
        IpAddr::V6(address) => {
            IpAddr::V6((address.to_bits() & (u128::MAX << (128 - v6_bits))).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_the_first_bits_of_their_addresses() {
        let of = |text: &str| {
            let address = text.parse().unwrap();
            [household(address), network(address)].map(|cut| cut.to_string())
        };

        assert_eq!(of("10.1.2.3"), ["10.1.2.3", "10.1.2.0"]);
        assert_eq!(of("::ffff:10.1.2.3"), ["10.1.2.3", "10.1.2.0"]);
        assert_eq!(of("2001:db8:a:b:c::1"), ["2001:db8:a:b::", "2001:db8:a::"]);
    }
}
