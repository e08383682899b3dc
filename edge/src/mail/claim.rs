//! Proof of an address's ownership.

use crate::PersonId;
use rand::RngExt;
use sha2::{Digest, Sha256};
use std::fmt;

/// The prefix of every token, by which people and secret scanners recognise one.
const PREFIX: &str = "mail_";
/// Characters after the prefix: 256 bits, at nearly six per character.
const CHARS: usize = 43;
const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A secret that proves ownership of an address. It is shown once; only its hash is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct MailToken(String);

impl MailToken {
    pub(super) fn fresh() -> Self {
        let mut rng = rand::rng();
        let drawn = (0..CHARS).map(|_| char::from(ALPHABET[rng.random_range(0..ALPHABET.len())]));
        Self(PREFIX.chars().chain(drawn).collect())
    }

    /// The secret itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The hash that is stored.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(&self.0)
    }
}

impl fmt::Debug for MailToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailToken(…)")
    }
}

/// The hash of a token: SHA-256, which is enough for 256 random bits.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenHash(String);

impl TokenHash {
    /// Hashes a token that somebody presents.
    #[must_use]
    pub fn of(token: &str) -> Self {
        Self(format!("{:x}", Sha256::digest(token)))
    }

    /// The hash as hexadecimal digits.
    pub(super) fn hex(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

/// What a caller presents to prove that an address is theirs; either part is enough.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// Their token's hash.
    pub token: Option<TokenHash>,
    /// The person, by their cookie.
    pub person: Option<PersonId>,
}

impl From<PersonId> for Credentials {
    fn from(person: PersonId) -> Self {
        let person = Some(person);
        Self {
            token: None,
            person,
        }
    }
}

impl From<&MailToken> for Credentials {
    fn from(token: &MailToken) -> Self {
        let token = Some(token.hash());
        Self {
            token,
            person: None,
        }
    }
}
