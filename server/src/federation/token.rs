//! The tokens of calls: each names the caller, the receiver and the body's digest, and is valid for a minute.

use super::key::{PublicKey, SigningKey};
use pasetors::Public;
use pasetors::token::UntrustedToken;
use pasetors::version4::V4;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::time::Duration;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// How long a token is valid.
const LIFETIME: Duration = Duration::from_secs(60);
/// The tolerated difference between two clusters' clocks.
const LEEWAY: Duration = Duration::from_secs(15);
/// How long used tokens are remembered. Clocks of one cluster's instances may differ as much as those of two clusters,
/// so the instance that is behind still accepts a token long after the one that is ahead first did.
pub(super) const REMEMBERED: Duration = LIFETIME.saturating_add(LEEWAY.saturating_mul(4));
/// The longest token accepted. Ours are shorter.
const TOKEN_MAX_BYTES: usize = 2048;
/// The accepted lengths of a token's id.
const ID_BYTES: std::ops::RangeInclusive<usize> = 16..=128;

/// A token's claims.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    /// The calling cluster.
    iss: String,
    /// The called cluster.
    aud: String,
    /// When the token expires (RFC 3339).
    exp: String,
    /// The token's unique id.
    jti: String,
    /// The SHA-256 digest of the call's body, in hexadecimal.
    digest: String,
}

/// Why a token is invalid: reported in the log and the metrics, never to the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub(crate) enum TokenFault {
    /// The token is missing.
    #[error("there is no token")]
    Missing,
    /// It is malformed.
    #[error("it is no token of the expected form")]
    Form,
    /// Its issuer is not a peer.
    #[error("the issuer is no peer")]
    Issuer,
    /// It was signed with another key or altered.
    #[error("the issuer's key has not signed it")]
    Signature,
    /// It is for another cluster.
    #[error("it is for another cluster")]
    Audience,
    /// It has expired.
    #[error("it has expired")]
    Expired,
    /// It is valid for longer than tokens may be.
    #[error("it is good for too long, or the issuer's clock is ahead")]
    TooLong,
    /// It is for another body.
    #[error("the body is not the one that it was signed for")]
    Digest,
    /// It has been used before.
    #[error("it was accepted before")]
    Replay,
}

impl TokenFault {
    /// Its name in the metrics.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Form => "form",
            Self::Issuer => "issuer",
            Self::Signature => "signature",
            Self::Audience => "audience",
            Self::Expired => "expired",
            Self::TooLong => "too_long",
            Self::Digest => "digest",
            Self::Replay => "replay",
        }
    }
}

/// Signs a call with this body. `None` only if the library fails.
pub(super) fn issue(key: &SigningKey, from: &str, to: &str, body: &[u8]) -> Option<String> {
    let ends = OffsetDateTime::now_utc() + LIFETIME;
    let claims = Claims {
        iss: from.to_owned(),
        aud: to.to_owned(),
        exp: ends.format(&Rfc3339).ok()?,
        jti: format!("{:032x}", rand::random::<u128>()),
        digest: digest(body),
    };
    key.sign(&serde_json::to_vec(&claims).ok()?).ok()
}

/// A parsed token whose signature has not been verified.
pub(super) struct Claimed {
    token: UntrustedToken<Public, V4>,
    claims: Claims,
}

/// A verified token. Its body and whether it was used before are still to be checked.
#[derive(Debug)]
pub(super) struct Checked {
    digest: String,
    /// Its id, unique for its issuer.
    pub(super) id: String,
}

impl Claimed {
    /// Parses a token.
    pub(super) fn read(text: &str) -> Result<Self, TokenFault> {
        if text.len() > TOKEN_MAX_BYTES {
            return Err(TokenFault::Form);
        }
        let token = UntrustedToken::try_from(text).map_err(|_| TokenFault::Form)?;
        let claims: Claims =
            serde_json::from_slice(token.untrusted_payload()).map_err(|_| TokenFault::Form)?;
        Ok(Self { token, claims })
    }

    /// The claimed issuer.
    pub(super) fn issuer(&self) -> &str {
        &self.claims.iss
    }

    /// Checks everything but the body and prior use.
    pub(super) fn check(
        self,
        key: &PublicKey,
        own_name: &str,
        now: OffsetDateTime,
    ) -> Result<Checked, TokenFault> {
        if !key.has_signed(&self.token) {
            return Err(TokenFault::Signature);
        }
        let Claims {
            aud,
            exp,
            jti,
            digest,
            ..
        } = self.claims;
        if aud != own_name {
            return Err(TokenFault::Audience);
        }
        let ends = OffsetDateTime::parse(&exp, &Rfc3339).map_err(|_| TokenFault::Form)?;
        // The subtraction saturates, whatever year a token names.
        let left = (ends - now) + LEEWAY;
        if left.is_negative() {
            return Err(TokenFault::Expired);
        }
        if left > LIFETIME + LEEWAY * 2 {
            return Err(TokenFault::TooLong);
        }
        if !ID_BYTES.contains(&jti.len()) {
            return Err(TokenFault::Form);
        }
        Ok(Checked { digest, id: jti })
    }
}

impl Checked {
    /// Checks the body against the digest.
    pub(super) fn is_for(&self, body: &[u8]) -> Result<(), TokenFault> {
        match self.digest == digest(body) {
            true => Ok(()),
            false => Err(TokenFault::Digest),
        }
    }
}

fn digest(body: &[u8]) -> String {
    format!("{:x}", Sha256::digest(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SigningKey {
        SigningKey::derive("secret").unwrap()
    }

    fn check(token: &str, key: &SigningKey, later: i64) -> Result<Checked, TokenFault> {
        let now = OffsetDateTime::now_utc() + time::Duration::seconds(later);
        Claimed::read(token)?.check(key.public(), "b", now)
    }

    fn token_for(audience: &str) -> String {
        issue(&key(), "a", audience, b"body").unwrap()
    }

    #[test]
    fn a_token_is_good_for_its_receiver_its_body_and_a_minute() {
        let token = token_for("b");

        let checked = check(&token, &key(), 0).unwrap();

        assert_eq!(Claimed::read(&token).unwrap().issuer(), "a");
        assert_eq!(checked.is_for(b"body"), Ok(()));
        assert_eq!(checked.is_for(b"Body"), Err(TokenFault::Digest));
    }

    #[test]
    fn clocks_may_be_a_little_apart() {
        let token = token_for("b");

        for later in [-13, 0, 60, 73] {
            assert!(check(&token, &key(), later).is_ok(), "{later}");
        }
        for (later, fault) in [
            (77, TokenFault::Expired),
            (3600, TokenFault::Expired),
            (-17, TokenFault::TooLong),
        ] {
            assert_eq!(check(&token, &key(), later).err(), Some(fault), "{later}");
        }
    }

    #[test]
    fn a_token_is_remembered_until_the_slowest_clock_refuses_it() {
        let token = token_for("b");
        let apart = i64::try_from(LEEWAY.as_secs()).unwrap();

        // By one clock: first when the issuer's is ahead, last when it is behind. Others may be apart likewise.
        let accepted = (-200..200).filter(|later| check(&token, &key(), *later).is_ok());
        let (first, last) = accepted.fold((200, -200), |(first, last), later| {
            (later.min(first), later.max(last))
        });
        let longest = last + apart - (first - apart);

        assert!(u64::try_from(longest).unwrap() <= REMEMBERED.as_secs());
        assert!(longest > 100, "{longest}");
    }

    #[test]
    fn what_is_forged_or_changed_is_refused() {
        let other = SigningKey::derive("other").unwrap();
        let token = token_for("b");
        let (head, tail) = token.split_at(60);
        let changed = format!(
            "{head}{}{}",
            if tail.starts_with('A') { "B" } else { "A" },
            &tail[1..]
        );

        let fault = |token: &str, key: &SigningKey| check(token, key, 0).err();

        assert_eq!(fault(&token, &other), Some(TokenFault::Signature));
        assert_eq!(fault(&token_for("c"), &key()), Some(TokenFault::Audience));
        assert!(matches!(
            fault(&changed, &key()),
            Some(TokenFault::Signature | TokenFault::Form)
        ));
        for text in [
            "",
            "x",
            "v4.public.",
            "v4.local.AAAA",
            &"v4.public.A".repeat(900),
        ] {
            assert_eq!(fault(text, &key()), Some(TokenFault::Form), "{text}");
        }
    }

    #[test]
    fn a_token_says_when_it_ends_in_any_year() {
        for exp in ["9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "now", ""] {
            let claims = serde_json::json!({
                "iss": "a", "aud": "b", "exp": exp, "jti": "0123456789abcdef", "digest": ""
            });
            let token = key().sign(claims.to_string().as_bytes()).unwrap();

            assert!(check(&token, &key(), 0).is_err(), "{exp}");
        }
    }
}
