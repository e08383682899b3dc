//! Session ids.

use crate::text_conversions::plain;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The fewest characters of a session id: 96 bits in base64.
const ID_MIN_BYTES: usize = 16;
/// The most characters of a session id.
const ID_MAX_BYTES: usize = 64;

/// Identifies one browser tab's live connection across reconnects.
///
/// The browser generates it randomly. It scopes click numbers, so whoever knows it can forge the session's clicks: it is
/// never shown to others, and `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SessionId(Box<str>);

/// The error for an invalid session id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a session id has {ID_MIN_BYTES} to {ID_MAX_BYTES} letters, digits, hyphens or underscores"
)]
pub struct SessionIdError;

impl SessionId {
    /// Parses an id.
    ///
    /// # Errors
    /// [`SessionIdError`] unless the text is 16 to 64 ASCII letters, digits, `-` or `_`.
    pub fn parse(text: &str) -> Result<Self, SessionIdError> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        let id = plain(text, ID_MIN_BYTES..=ID_MAX_BYTES, is_plain);
        id.map(Self).ok_or(SessionIdError)
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionId(…)")
    }
}

crate::text_conversions::text_conversions!(text SessionId, SessionIdError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_bounded_and_plain() {
        assert!(SessionId::parse(&"a".repeat(16)).is_ok());
        assert!(SessionId::parse("Zm9vYmFyYmF6_-0123").is_ok());
        for text in [
            "short",
            &"a".repeat(65),
            "with space 123456",
            "braces{}braces{}",
        ] {
            assert_eq!(SessionId::parse(text), Err(SessionIdError), "{text:?}");
        }
    }

    #[test]
    fn debug_hides_the_id() {
        let id = SessionId::parse("0123456789abcdef").unwrap();

        assert!(!format!("{id:?}").contains("0123"));
    }
}
