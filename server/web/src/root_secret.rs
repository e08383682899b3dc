//! The secret that persons follow from, which stays the same when the configured one is replaced.
//!
//! It is the first one that the cluster ever had. Redis keeps it sealed with each secret that an instance was told since, so
//! that an instance that knows any of them learns it, and Redis alone tells nobody.

use pasetors::Local;
use pasetors::keys::SymmetricKey;
use pasetors::token::UntrustedToken;
use pasetors::version4::{LocalToken, V4};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Domain separation: no other use of a secret derives the same key or name.
const SEALS: &[u8] = b"murmuration seal 1:";
const NAMES: &[u8] = b"murmuration name 1:";

/// What an instance learned.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Root {
    /// The secret that persons follow from.
    pub(crate) secret: String,
    /// When it was made, in milliseconds by Redis's clock; nothing for one that Redis does not keep yet.
    pub(crate) made_ms: Option<u64>,
    /// What Redis is to keep as well: names, and sealed texts.
    pub(crate) missing: Vec<(String, String)>,
}

impl Root {
    /// Opens what Redis keeps, since that time, with these secrets, the newest first. Where none fits, the oldest of them is
    /// the root, as in a cluster whose secret was never replaced. A root that is known stays, unless an older one is kept.
    pub(crate) fn learn(
        secrets: &[&str],
        kept: &HashMap<String, String>,
        kept_made_ms: u64,
        known: Option<&Self>,
    ) -> Option<Self> {
        let oldest = *secrets.last()?;
        let opened = |secret: &&str| open(secret, kept.get(&name(secret))?);
        let found = secrets.iter().rev().find_map(opened);
        let is_older = |known: &&Self| known.made_ms.is_some_and(|made_ms| made_ms < kept_made_ms);
        let known = known.filter(|known| found.is_none() || is_older(known));
        let (root, made_ms) = match (known, found) {
            (Some(known), _) => (known.secret.clone(), known.made_ms),
            (None, Some(found)) => (found, Some(kept_made_ms)),
            (None, None) => (oldest.to_owned(), None),
        };
        // An instance that was told the new secret alone, too early, has kept another root.
        let unfit = secrets
            .iter()
            .filter(|secret| opened(secret).as_ref() != Some(&root));
        let missing = unfit.map(|secret| Some((name(secret), seal(secret, &root)?)));
        Some(Self {
            missing: missing.collect::<Option<_>>()?,
            secret: root,
            made_ms,
        })
    }

    /// A root that Redis does not keep.
    pub(crate) fn unkept(secret: String) -> Self {
        Self {
            secret,
            made_ms: None,
            missing: Vec::new(),
        }
    }
}

/// The name of a secret, by which it cannot be found.
fn name(secret: &str) -> String {
    format!("{:x}", digest(NAMES, secret).finalize())
}

fn seal(secret: &str, root: &str) -> Option<String> {
    LocalToken::encrypt(&key(secret)?, root.as_bytes(), None, None).ok()
}

fn open(secret: &str, sealed: &str) -> Option<String> {
    let token = UntrustedToken::<Local, V4>::try_from(sealed).ok()?;
    let opened = LocalToken::decrypt(&key(secret)?, &token, None, None).ok()?;
    Some(opened.payload().to_owned())
}

fn key(secret: &str) -> Option<SymmetricKey<V4>> {
    SymmetricKey::from(&digest(SEALS, secret).finalize()).ok()
}

fn digest(purpose: &[u8], secret: &str) -> Sha256 {
    Sha256::new().chain_update(purpose).chain_update(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Learns with these secrets, and keeps what is to be kept.
    fn learn(secrets: &[&str], kept: &mut HashMap<String, String>) -> String {
        let root = Root::learn(secrets, kept, 0, None).unwrap();
        kept.extend(root.missing);
        let again = Root::learn(secrets, kept, 0, None).unwrap();
        assert!(again.missing.is_empty());
        root.secret
    }

    #[test]
    fn the_first_secret_stays_the_root_through_any_number_of_others() {
        let mut kept = HashMap::new();

        for secrets in [
            &["one"][..],
            &["two", "one"],
            &["two"],
            &["three", "two"],
            &["three"],
        ] {
            assert_eq!(learn(secrets, &mut kept), "one", "{secrets:?}");
        }
        assert_eq!(learn(&["two"], &mut kept), "one");
        assert!(
            kept.iter()
                .all(|(name, text)| !(name.clone() + text).contains("one"))
        );
    }

    #[test]
    fn a_secret_without_the_one_before_it_begins_anew_and_is_mended_by_both() {
        let mut kept = HashMap::new();
        learn(&["one"], &mut kept);

        assert_eq!(learn(&["two"], &mut kept), "two");
        assert_eq!(learn(&["two", "one"], &mut kept), "one");
        assert_eq!(learn(&["two"], &mut kept), "one");
    }

    #[test]
    fn of_a_root_that_is_known_and_one_that_is_kept_the_older_one_counts() {
        let mut kept = HashMap::new();
        learn(&["two"], &mut kept);
        let known = |made_ms| Root {
            made_ms: Some(made_ms),
            ..Root::unkept("one".into())
        };
        let learned = |made_ms| Root::learn(&["two"], &kept, 5, Some(&known(made_ms))).unwrap();

        let older = learned(4);
        assert_eq!((older.secret.as_str(), older.made_ms), ("one", Some(4)));
        assert_eq!(older.missing.len(), 1, "it is written back");
        let newer = learned(6);
        assert_eq!((newer.secret.as_str(), newer.made_ms), ("two", Some(5)));
        assert!(newer.missing.is_empty());
    }

    #[test]
    fn what_is_no_sealed_text_opens_nothing() {
        for sealed in ["", "x", "v4.local.", "v4.local.AAAA"] {
            assert_eq!(open("one", sealed), None, "{sealed}");
        }
        let sealed = seal("one", "root").unwrap();
        assert_eq!(open("one", &sealed).as_deref(), Some("root"));
        assert_eq!(open("two", &sealed), None);
    }
}
