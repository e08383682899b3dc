//! Positions in a mailbox or chat.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The position of an entry in a mailbox or chat, such as `1595941993000-0`: when it came, in milliseconds since 1970 by
/// Redis's clock, and its number within that millisecond. Later entries have larger cursors.
///
/// It is the entry's id in its [Redis Stream](https://redis.io/docs/latest/develop/data-types/streams/).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[0-9]{1,15}-[0-9]{1,15}$", examples("1595941993000-0")))]
#[serde(try_from = "String", into = "String")]
pub struct Cursor((u64, u64));

/// The most digits of each number.
const DIGITS_MAX: usize = 15;

/// The error for an invalid cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a cursor must come from an earlier answer, such as 1595941993000-0")]
pub struct CursorError;

impl Cursor {
    /// Parses a cursor.
    ///
    /// # Errors
    /// [`CursorError`] if it does not have that form.
    pub fn parse(text: &str) -> Result<Self, CursorError> {
        let (ms, number) = text.split_once('-').ok_or(CursorError)?;
        let read = |digits: &str| {
            let fits = (1..=DIGITS_MAX).contains(&digits.len())
                && digits.bytes().all(|byte| byte.is_ascii_digit());
            fits.then(|| digits.parse().ok()).flatten()
        };
        match (read(ms), read(number)) {
            (Some(ms), Some(number)) => Ok(Self((ms, number))),
            _ => Err(CursorError),
        }
    }

    /// When the entry came, in milliseconds since 1970 by Redis's clock.
    #[must_use]
    pub fn ms(self) -> u64 {
        self.0.0
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.0.0, self.0.1)
    }
}

crate::text_conversions::text_conversions!(Cursor, CursorError, |cursor| cursor.to_string());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_are_ordered_as_their_entries() {
        let cursor = |text| Cursor::parse(text).unwrap();

        assert!(cursor("9-5") < cursor("10-0") && cursor("10-9") < cursor("10-10"));
        assert_eq!(cursor("10-9").to_string(), "10-9");
        for text in [
            "",
            "5",
            "-",
            "5-",
            "-5",
            "+5-1",
            "5-1-1",
            "1234567890123456-0",
            "$",
            "٣-1",
        ] {
            assert_eq!(Cursor::parse(text), Err(CursorError), "{text}");
        }
    }
}
