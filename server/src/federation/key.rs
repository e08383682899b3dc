//! The keys that clusters know each other by.

use ed25519_compact::{KeyPair, Seed};
use pasetors::Public;
use pasetors::errors::Error;
use pasetors::keys::{AsymmetricKeyPair, AsymmetricPublicKey, AsymmetricSecretKey, Generate};
use pasetors::paserk::FormatAsPaserk;
use pasetors::token::UntrustedToken;
use pasetors::version4::{PublicToken, V4};
use sha2::{Digest, Sha256};
use std::fmt;

/// Keeps this use of the shared secret apart from all others.
const PURPOSE: &[u8] = b"murmuration federation 1:";
/// Begins the text of a secret key.
const SECRET: &str = "k4.secret.";
/// The first characters of a secret key whose seed is all zeros: a mistake, which the library takes ill.
const ZEROS: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Why a text is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KeyError {
    /// Not a secret one.
    #[error("it reads k4.secret.…, as `server keys new` prints it")]
    Secret,
    /// Not a public one.
    #[error("a public key reads k4.public.…, as GET /api/federation of that cluster shows it")]
    Public,
}

/// What this cluster's tokens are signed with. A cheap clone.
#[derive(Clone)]
pub(crate) struct SigningKey {
    secret: AsymmetricSecretKey<V4>,
    public: PublicKey,
}

impl SigningKey {
    /// Reads a PASERK `k4.secret` text.
    ///
    /// # Errors
    /// [`KeyError::Secret`].
    pub(crate) fn parse(text: &str) -> Result<Self, KeyError> {
        let key = text.strip_prefix(SECRET).ok_or(KeyError::Secret)?;
        if key.starts_with(ZEROS) {
            return Err(KeyError::Secret);
        }
        let secret = AsymmetricSecretKey::try_from(text);
        secret.and_then(Self::of).map_err(|_| KeyError::Secret)
    }

    /// The key that follows from the secret that all instances share.
    ///
    /// # Errors
    /// None that a secret can cause.
    pub(crate) fn derive(secret: &str) -> Result<Self, KeyError> {
        let seed = Sha256::new().chain_update(PURPOSE).chain_update(secret);
        let pair = KeyPair::from_seed(Seed::new(seed.finalize().into()));
        let secret = AsymmetricSecretKey::from(pair.sk.as_ref());
        secret.and_then(Self::of).map_err(|_| KeyError::Secret)
    }

    /// A new key, and its text.
    ///
    /// # Errors
    /// Where the system has no randomness to give.
    pub(crate) fn generate() -> Result<(Self, String), KeyError> {
        let pair = AsymmetricKeyPair::<V4>::generate().map_err(|_| KeyError::Secret)?;
        let mut text = String::new();
        let written = FormatAsPaserk::fmt(&pair.secret, &mut text);
        written.map_err(|_| KeyError::Secret)?;
        let key = Self::of(pair.secret).map_err(|_| KeyError::Secret)?;
        Ok((key, text))
    }

    fn of(secret: AsymmetricSecretKey<V4>) -> Result<Self, Error> {
        let public = PublicKey(AsymmetricPublicKey::try_from(&secret)?);
        Ok(Self { secret, public })
    }

    /// What others check it with.
    pub(crate) fn public(&self) -> &PublicKey {
        &self.public
    }

    /// A token that says so.
    pub(super) fn sign(&self, claims: &[u8]) -> Result<String, Error> {
        PublicToken::sign(&self.secret, claims, None, None)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

/// What a cluster's tokens are checked with. A cheap clone.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PublicKey(AsymmetricPublicKey<V4>);

impl PublicKey {
    /// Reads a PASERK `k4.public` text.
    ///
    /// # Errors
    /// [`KeyError::Public`].
    pub(crate) fn parse(text: &str) -> Result<Self, KeyError> {
        let key = AsymmetricPublicKey::try_from(text);
        key.map(Self).map_err(|_| KeyError::Public)
    }

    /// Whether that token was signed with its secret.
    pub(super) fn has_signed(&self, token: &UntrustedToken<Public, V4>) -> bool {
        PublicToken::verify(&self.0, token, None, None).is_ok()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        FormatAsPaserk::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_key_is_read_from_its_text() {
        let (key, text) = SigningKey::generate().unwrap();

        assert!(text.starts_with("k4.secret."), "{text}");
        assert_eq!(SigningKey::parse(&text).unwrap().public(), key.public());
        let public = key.public().to_string();
        assert!(public.starts_with("k4.public."), "{public}");
        assert_eq!(PublicKey::parse(&public).unwrap(), *key.public());
    }

    #[test]
    fn a_derived_key_follows_from_the_secret_alone() {
        let of = |secret| SigningKey::derive(secret).unwrap().public().to_string();

        assert_eq!(of("a"), of("a"));
        assert_ne!(of("a"), of("b"));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let (key, text) = SigningKey::generate().unwrap();
        let public = key.public().to_string();
        let zero = format!("k4.secret.{}", "A".repeat(86));
        // The second half is the public key of another seed.
        let mixed = format!("{}{}", &text[..52], "A".repeat(44));

        for wrong in ["", "k4.secret.", &public, &text[..60], &zero, &mixed] {
            assert_eq!(SigningKey::parse(wrong).err(), Some(KeyError::Secret));
        }
        for wrong in ["", "k4.public.", "k", &text, &public[..30]] {
            assert_eq!(PublicKey::parse(wrong).err(), Some(KeyError::Public));
        }
    }
}
