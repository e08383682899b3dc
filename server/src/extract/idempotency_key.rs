//! What makes a call that is sent again the same call.

use crate::problem::HttpError;
use crate::state::AppState;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;

/// The header's name (draft-ietf-httpapi-idempotency-key-header).
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// The longest key.
const KEY_MAX_BYTES: usize = 128;

/// A request's `Idempotency-Key`, where it has one.
pub(crate) struct IdempotencyKey(pub(crate) Option<String>);

impl FromRequestParts<AppState> for IdempotencyKey {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, HttpError> {
        let mut keys = parts.headers.get_all(IDEMPOTENCY_KEY).iter();
        match (keys.next(), keys.next()) {
            (Some(key), None) => {
                let key = readable(key.as_bytes()).ok_or(HttpError::IdempotencyKey)?;
                Ok(Self(Some(key.to_owned())))
            }
            (None, _) => Ok(Self(None)),
            // Which of them a proxy would repeat is anyone's guess.
            (Some(_), Some(_)) => Err(HttpError::IdempotencyKey),
        }
    }
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
