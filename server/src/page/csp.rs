//! The content security policy of pages, and which other servers they may call.

use crate::error::HttpError;
use crate::state::AppState;
use axum::http::HeaderValue;
use leptos::config::Env;
use std::collections::BTreeSet;

/// Characters of a nonce: 128 bits, six a character.
const NONCE_CHARS: usize = 22;
const NONCE_ALPHABET: &[u8; 64] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

pub(crate) fn nonce() -> String {
    let random: u128 = rand::random();
    (0..NONCE_CHARS)
        .map(|at| char::from(NONCE_ALPHABET[(random >> (at * 6) & 63) as usize]))
        .collect()
}

/// What the page may load: our own files, and scripts that carry this answer's nonce.
///
/// `others` are origins of other regions that it may ask, each after a space.
pub(crate) fn policy(nonce: &str, others: &str, env: &Env) -> Result<HeaderValue, HttpError> {
    // cargo-leptos reloads pages through a socket on another port.
    let reload = if *env == Env::DEV { " ws:" } else { "" };
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; connect-src 'self'{others}{reload}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    policy.try_into().map_err(|_| HttpError::internal())
}

/// The origins of all regions as they are listed, and of all live instances, each after a space.
pub(crate) fn origins(state: &AppState) -> String {
    let listed = state.config.regions.places().iter().map(|place| &place.url);
    let instances = state.engine.addresses();
    let live = instances.iter().map(|(_, url)| url);
    // This page's own too: it may have been asked for by another name.
    let own = std::iter::once(&state.config.public_url);
    let origins: BTreeSet<_> = listed
        .chain(live)
        .chain(own)
        .filter_map(|url| origin(url))
        .collect();
    origins.iter().map(|origin| format!(" {origin}")).collect()
}

/// The origin of a URL; nothing where it has none that a policy can hold.
fn origin(url: &str) -> Option<String> {
    let uri: axum::http::Uri = url.parse().ok()?;
    let (scheme, authority) = (uri.scheme_str()?, uri.authority()?.as_str());
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    let fits = matches!(scheme, "http" | "https") && authority.bytes().all(plain);
    fits.then(|| format!("{scheme}://{authority}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonces_are_long_plain_and_each_another() {
        let (one, other) = (nonce(), nonce());

        assert_eq!(one.len(), NONCE_CHARS);
        assert!(one.bytes().all(|byte| NONCE_ALPHABET.contains(&byte)));
        assert_ne!(one, other);
    }

    #[test]
    fn origins_are_what_a_policy_can_hold() {
        let expected = [
            (
                "https://fra.murmuration.example",
                Some("https://fra.murmuration.example"),
            ),
            ("http://127.0.0.1:4001/", Some("http://127.0.0.1:4001")),
            ("http://[::1]:4001", Some("http://[::1]:4001")),
            ("https://a;script-src *", None),
            ("https://user@a.example", None),
            ("ftp://a.example", None),
            ("/party", None),
        ];

        for (url, found) in expected {
            assert_eq!(origin(url).as_deref(), found, "{url}");
        }
    }
}
