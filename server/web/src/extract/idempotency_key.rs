//! The `Idempotency-Key` header: retries with the same key count once.

use crate::error::HttpError;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use utoipa::IntoParams;

/// The header's name (draft-ietf-httpapi-idempotency-key-header).
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// The longest key.
const KEY_MAX_BYTES: usize = 128;

/// A request's `Idempotency-Key`, where it has one.
#[derive(IntoParams)]
#[into_params(names("Idempotency-Key"), parameter_in = Header)]
pub struct IdempotencyKey(
    /// 1 to 128 visible ASCII characters, new for each click, message or change.
    #[param(
        pattern = "^[!-~]{1,128}$",
        example = "6f1d2c0e-4b7a",
        nullable = false
    )]
    pub Option<String>,
);

impl IdempotencyKey {
    /// The one that a form carries; none where it is missing, or not one of our pages'.
    pub fn of_form(field: &str) -> Option<&str> {
        readable(field.as_bytes())
    }
}

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, HttpError> {
        let mut keys = parts.headers.get_all(IDEMPOTENCY_KEY).iter();
        match (keys.next(), keys.next()) {
            (Some(key), None) => {
                let key = readable(key.as_bytes()).ok_or_else(bad_key)?;
                Ok(Self(Some(key.to_owned())))
            }
            (None, _) => Ok(Self(None)),
            // It is unclear which of them a proxy would forward.
            (Some(_), Some(_)) => Err(bad_key()),
        }
    }
}

fn bad_key() -> HttpError {
    HttpError::new(400, "bad-idempotency-key", "Invalid Idempotency-Key")
        .with_detail("It has 1 to 128 visible ASCII characters, and comes once.")
}

/// The key was used for something else.
pub fn key_reused() -> HttpError {
    HttpError::new(422, "key-reused", "The Idempotency-Key was used before")
        .with_detail("It came with another click, message or change. Use a new key for each.")
}

fn readable(key: &[u8]) -> Option<&str> {
    let fits = (1..=KEY_MAX_BYTES).contains(&key.len()) && key.iter().all(u8::is_ascii_graphic);
    fits.then(|| std::str::from_utf8(key).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idempotency_keys_are_short_and_visible() {
        assert_eq!(readable(b"3f9a-7"), Some("3f9a-7"));
        for key in [&b""[..], b"with space", b"\xff", &[b'a'; 129]] {
            assert_eq!(readable(key), None);
        }
    }
}
