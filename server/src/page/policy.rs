//! The content security policy of pages.

use crate::problem::HttpError;
use axum::http::HeaderValue;
use leptos::config::Env;

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
    policy.try_into().map_err(|_| HttpError::Internal)
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
}
