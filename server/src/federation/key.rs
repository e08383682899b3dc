//! The keys that identify clusters.

use ed25519_compact::{KeyPair, Seed};
use pasetors::Public;
use pasetors::errors::Error;
use pasetors::keys::{AsymmetricKeyPair, AsymmetricPublicKey, AsymmetricSecretKey, Generate};
use pasetors::paserk::FormatAsPaserk;
use pasetors::token::UntrustedToken;
use pasetors::version4::{PublicToken, V4};
use sha2::{Digest, Sha256};
use std::fmt;

/// Domain separation: no other use of the shared secret derives the same key.
const PURPOSE: &[u8] = b"murmuration federation 1:";
/// The prefix of a secret key's text.
const SECRET: &str = "k4.secret.";
/// How a secret key with an all-zero seed begins. It is a mistake, and the library cannot handle it.
const ZEROS: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Why a text is not a valid key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KeyError {
    /// Not a secret key.
    #[error("it reads k4.secret.…, as `server keys new` prints it")]
    Secret,
    /// Not a public key.
    #[error("a public key reads k4.public.…, as GET /api/federation of that cluster shows it")]
    Public,
}

/// The key that signs this cluster's tokens. Cheap to clone.
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

    /// Derives the key from the secret that all instances share.
    ///
    /// # Errors
    /// Only if the library fails; no secret causes that.
    pub(crate) fn derive(secret: &str) -> Result<Self, KeyError> {
        let seed = Sha256::new().chain_update(PURPOSE).chain_update(secret);
        let pair = KeyPair::from_seed(Seed::new(seed.finalize().into()));
        let secret = AsymmetricSecretKey::from(pair.sk.as_ref());
        secret.and_then(Self::of).map_err(|_| KeyError::Secret)
    }

    /// A new key, and its text.
    ///
    /// # Errors
    /// If the system provides no randomness.
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

    /// The key that verifies its signatures.
    pub(crate) fn public(&self) -> &PublicKey {
        &self.public
    }

    /// A token with these claims.
    pub(super) fn sign(&self, claims: &[u8]) -> Result<String, Error> {
        PublicToken::sign(&self.secret, claims, None, None)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

/// The key that verifies a cluster's tokens. Cheap to clone.
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

    /// Whether the matching secret key signed this token.
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
