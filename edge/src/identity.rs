//! Persons, and how their ids follow from a secret without revealing it.

use hmac::digest::Key;
use hmac::{Hmac, Mac};
use protocol::DeviceId;
use sha2::{Digest, Sha256};
use std::fmt;
use std::net::IpAddr;

/// Separates this use of the secret from all others.
const PURPOSE: &[u8] = b"murmuration person 1:";
/// Separates tokens from persons: no device id begins like this.
const TOKEN: &[u8] = b"\0page token:";
/// Separates networks from persons, likewise.
const NETWORK: &[u8] = b"\0network:";
/// Bytes of a person's id: 128 bits.
const PERSON_BYTES: usize = 16;

/// One person: one browser's cookie, however many tabs it has open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PersonId(pub [u8; PERSON_BYTES]);

impl PersonId {
    /// The id as Redis stores it: 32 hexadecimal digits.
    pub(crate) fn member(self) -> String {
        format!("{:032x}", u128::from_be_bytes(self.0))
    }

    /// Reads what [`member`](Self::member) wrote.
    pub(crate) fn of_member(text: &str) -> Option<Self> {
        let id = u128::from_str_radix(text, 16).ok()?;
        Some(Self(id.to_be_bytes()))
    }
}

/// One network of addresses, which nobody without the secret can tell from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NetworkId([u8; PERSON_BYTES]);

impl NetworkId {
    /// The id as Redis stores it: 32 hexadecimal digits.
    pub(crate) fn member(self) -> String {
        PersonId(self.0).member()
    }
}

/// Derives person ids from device ids, which are secret: HMAC-SHA-256 (RFC 2104), truncated to 128 bits.
///
/// All instances of a cluster share the key. Without it, device ids cannot be tested against what Redis stores.
#[derive(Clone)]
pub struct IdentityKey(Hmac<Sha256>);

impl IdentityKey {
    /// Derives the key from a secret, which should have at least 32 bytes.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        let own = Sha256::new()
            .chain_update(PURPOSE)
            .chain_update(secret)
            .finalize();
        // A key shorter than the hash's block is padded with zeros (RFC 2104, section 2).
        let mut key = Key::<Hmac<Sha256>>::default();
        key[..own.len()].copy_from_slice(&own);
        Self(Hmac::new(&key))
    }

    /// The person who uses that device.
    #[must_use]
    pub fn person(&self, device: &DeviceId) -> PersonId {
        PersonId(self.tag(&[device.expose().as_bytes()]))
    }

    /// A secret that the pages of a person know in every region, and nobody else: 32 hexadecimal digits.
    #[must_use]
    pub fn page_token(&self, person: PersonId) -> String {
        PersonId(self.tag(&[TOKEN, &person.0])).member()
    }

    /// The network with that first address.
    #[must_use]
    pub fn network(&self, first: IpAddr) -> NetworkId {
        NetworkId(self.tag(&[NETWORK, first.to_string().as_bytes()]))
    }

    fn tag(&self, parts: &[&[u8]]) -> [u8; PERSON_BYTES] {
        let mut mac = self.0.clone();
        parts.iter().for_each(|part| mac.update(part));
        let mut tag = [0; PERSON_BYTES];
        tag.copy_from_slice(&mac.finalize().into_bytes()[..PERSON_BYTES]);
        tag
    }
}

impl fmt::Debug for IdentityKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdentityKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(text: &str) -> DeviceId {
        DeviceId::parse(text).unwrap()
    }

    #[test]
    fn a_person_follows_from_key_and_device_alone() {
        let (one, other) = (IdentityKey::new(&[1; 32]), IdentityKey::new(&[2; 32]));
        let ann = one.person(&device("ann-ann-ann"));

        assert_eq!(
            IdentityKey::new(&[1; 32]).person(&device("ann-ann-ann")),
            ann
        );
        assert_ne!(one.person(&device("bob-bob-bob")), ann);
        assert_ne!(other.person(&device("ann-ann-ann")), ann);
    }

    #[test]
    fn a_page_token_is_the_persons_own_and_tells_nothing_of_them() {
        let key = IdentityKey::new(&[1; 32]);
        let (ann, bob) = (PersonId([1; 16]), PersonId([2; 16]));

        assert_eq!(key.page_token(ann), key.page_token(ann));
        assert_ne!(key.page_token(ann), key.page_token(bob));
        assert_ne!(key.page_token(ann), ann.member());
    }
}
