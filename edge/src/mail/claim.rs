//! Who owns an address.

use crate::PersonId;
use crate::hex::hex;
use rand::RngExt;
use sha2::{Digest, Sha256};
use std::fmt;

/// Begins every token, so that people and scanners for leaked secrets know one when they see it.
const PREFIX: &str = "mail_";
/// Characters after it: 256 bits, a little less than six a character.
const CHARS: usize = 43;
const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A secret that proves that an address is its bearer's. It is told once, and stored as its hash alone.
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

    /// What is stored of it.
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
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// The hash of what somebody says is their token.
    #[must_use]
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }

    /// As hexadecimal digits.
    pub(super) fn hex(&self) -> String {
        hex(&self.0)
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

/// What somebody brings to show that an address is theirs; either will do.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    /// Their token's hash.
    pub token: Option<TokenHash>,
    /// Who they are, by their cookie.
    pub person: Option<PersonId>,
}

impl From<PersonId> for Proof {
    fn from(person: PersonId) -> Self {
        let person = Some(person);
        Self {
            token: None,
            person,
        }
    }
}

impl From<&MailToken> for Proof {
    fn from(token: &MailToken) -> Self {
        let token = Some(token.hash());
        Self {
            token,
            person: None,
        }
    }
}
