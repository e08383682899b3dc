//! Persons, and how their ids follow from a secret without revealing it.

use hmac::digest::Key;
use hmac::{Hmac, Mac};
use protocol::DeviceId;
use sha2::{Digest, Sha256};
use std::fmt;

/// Separates this use of the secret from all others.
const PURPOSE: &[u8] = b"murmuration person 1:";
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
        let tag = self.0.clone().chain_update(device.expose());
        let mut id = [0; PERSON_BYTES];
        id.copy_from_slice(&tag.finalize().into_bytes()[..PERSON_BYTES]);
        PersonId(id)
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
}
