//! Signed texts, by one key or several.
//!
//! A signed text is a signature and the text, as the library for signed cookies writes it. While one key takes another's
//! place, both sign, one around the other: whoever knows any of them can tell that the text is ours, so that instances that
//! know the old one alone, both, or the new one alone believe each other's.

use axum_extra::extract::cookie::Key;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Characters of a signature: 32 bytes in Base64. Texts are shorter, by which the two are told apart.
const SIGNATURE_CHARS: usize = 44;
/// The most signatures of a text.
const SIGNATURES_MAX: usize = 3;

/// Signs a text with all keys, the first one first.
pub(crate) fn seal(text: String, keys: &[Key]) -> String {
    keys.iter().fold(text, |text, key| {
        let signature = mac(key, &text).map(|mac| mac.finalize().into_bytes());
        signature.map_or_else(String::new, |bytes| BASE64_STANDARD.encode(bytes) + &text)
    })
}

/// The text that any of the keys has signed, and whether the first one has.
pub(crate) fn open<'a>(sealed: &'a str, keys: &[Key]) -> Option<(&'a str, bool)> {
    let (mut text, mut by_any, mut by_first) = (sealed, false, false);
    for _ in 0..SIGNATURES_MAX {
        let Some((signature, signed)) = text.split_at_checked(SIGNATURE_CHARS) else {
            break;
        };
        let by = keys
            .iter()
            .position(|key| has_signed(key, signature, signed));
        by_any |= by.is_some();
        by_first |= by == Some(0);
        text = signed;
    }
    (by_any && text.len() < SIGNATURE_CHARS).then_some((text, by_first))
}

fn has_signed(key: &Key, signature: &str, text: &str) -> bool {
    let bytes = BASE64_STANDARD.decode(signature);
    let checked = bytes.ok().zip(mac(key, text));
    checked.is_some_and(|(bytes, mac)| mac.verify_slice(&bytes).is_ok())
}

/// None for a key of no length that this takes; it takes any.
fn mac(key: &Key, text: &str) -> Option<Hmac<Sha256>> {
    let mac = Hmac::<Sha256>::new_from_slice(key.signing()).ok()?;
    Some(mac.chain_update(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderMap, HeaderValue};
    use axum_extra::extract::SignedCookieJar;

    fn keys(secrets: &str) -> Vec<Key> {
        let keys = secrets.chars().map(|one| one.to_string().repeat(32));
        keys.map(|secret| Key::derive_from(secret.as_bytes()))
            .collect()
    }

    #[test]
    fn instances_with_any_of_the_keys_believe_each_other() {
        let of = |secrets| seal("text".into(), &keys(secrets));

        for (signed, read, by_first) in [
            ("a", "a", true),
            ("a", "ba", false),
            ("ba", "a", true),
            ("ba", "ba", true),
            ("ba", "b", true),
            ("b", "ba", true),
            ("ab", "ba", true),
        ] {
            let sealed = of(signed);
            assert_eq!(
                open(&sealed, &keys(read)),
                Some(("text", by_first)),
                "{signed} {read}"
            );
        }
        assert_eq!(open(&of("a"), &keys("b")), None);
        assert_eq!(open(&of("ab"), &keys("c")), None);
    }

    #[test]
    fn what_was_changed_was_not_signed() {
        let sealed = seal("text".into(), &keys("ab"));

        for forged in [
            "",
            "text",
            &sealed[1..],
            &sealed.replace("text", "next"),
            &format!("{sealed}x"),
        ] {
            assert_eq!(open(forged, &keys("ab")), None, "{forged}");
        }
        assert_eq!(open(&"x".repeat(44), &keys("ab")), None);
    }

    #[test]
    fn a_text_that_one_key_signed_is_one_of_the_library_for_cookies() {
        let sealed = seal("text".into(), &keys("a"));
        let header = HeaderValue::try_from(format!("person={sealed}")).unwrap();
        let headers = HeaderMap::from_iter([(axum::http::header::COOKIE, header)]);

        let jar = SignedCookieJar::from_headers(&headers, keys("a")[0].clone());

        assert_eq!(jar.get("person").unwrap().value(), "text");
    }
}
