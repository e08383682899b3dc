//! What messages are made of: their ids, positions and texts.

use crate::invisible::shows_nothing;
use crate::text_conversions::plain;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The number of hexadecimal digits.
const ID_DIGITS: usize = 32;
/// The most digits of each number.
const CURSOR_DIGITS_MAX: usize = 15;
/// The most bytes of a message, as UTF-8.
pub const MESSAGE_MAX_BYTES: usize = 4096;

/// A message's id, the same at its sender and at its recipient: 128 random bits as 32 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, pattern = "^[0-9a-f]{32}$", examples("6f1c0b52a9de4f7388e02d6b1c9a54f0")))]
#[serde(try_from = "String", into = "String")]
pub struct MessageId(Box<str>);

/// The error for an invalid message id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a message id has {ID_DIGITS} lower-case hexadecimal digits")]
pub struct MessageIdError;

impl MessageId {
    /// Parses an id.
    ///
    /// # Errors
    /// [`MessageIdError`] if it does not have that form.
    pub fn parse(text: &str) -> Result<Self, MessageIdError> {
        let is_digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let id = plain(text, ID_DIGITS..=ID_DIGITS, is_digit);
        id.map(Self).ok_or(MessageIdError)
    }

    /// The id with that value.
    #[must_use]
    pub fn of(number: u128) -> Self {
        Self(format!("{number:032x}").into())
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

crate::text_conversions::text_conversions!(text MessageId, MessageIdError);

/// The position of an entry in a mailbox or chat, such as `1595941993000-0`: when it came, in milliseconds since 1970 by
/// Redis's clock, and its number within that millisecond. Later entries have larger cursors.
///
/// It is the entry's id in its [Redis Stream](https://redis.io/docs/latest/develop/data-types/streams/).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, pattern = "^[0-9]{1,15}-[0-9]{1,15}$", examples("1595941993000-0")))]
#[serde(try_from = "String", into = "String")]
pub struct Cursor((u64, u64));

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
            let is_digit = |byte: u8| byte.is_ascii_digit();
            plain(digits, 1..=CURSOR_DIGITS_MAX, is_digit)?.parse().ok()
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

crate::text_conversions::text_conversions!(Cursor, CursorError);

/// The text of a message: at most 4 KiB, of which something can be seen.
///
/// Any Unicode text is allowed, and none of it is markup. Whoever displays it isolates its direction and makes invisible
/// characters visible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, pattern = "\\S", examples("Fancy a flight?")))]
#[serde(try_from = "String", into = "String")]
pub struct MessageText(Box<str>);

/// The error for an invalid text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageTextError {
    /// It is empty, or only white space and other characters that cannot be seen.
    #[error("`message` is empty")]
    Empty,
    /// It is longer than [`MESSAGE_MAX_BYTES`].
    #[error("`message` has at most {MESSAGE_MAX_BYTES} bytes of UTF-8")]
    TooLong,
}

impl MessageText {
    /// Checks a text.
    ///
    /// # Errors
    /// [`MessageTextError`].
    pub fn parse(text: &str) -> Result<Self, MessageTextError> {
        if text.len() > MESSAGE_MAX_BYTES {
            Err(MessageTextError::TooLong)
        } else if shows_nothing(text) {
            Err(MessageTextError::Empty)
        } else {
            Ok(Self(text.into()))
        }
    }
}

crate::text_conversions::text_conversions!(text MessageText, MessageTextError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_numbers_of_one_form() {
        let id = MessageId::of(0xfe);

        assert_eq!(id.as_str(), "000000000000000000000000000000fe");
        assert_eq!(MessageId::parse(id.as_str()), Ok(id));
        for text in ["", "fe", "000000000000000000000000000000FE"] {
            assert_eq!(MessageId::parse(text), Err(MessageIdError));
        }
    }

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

    #[test]
    fn a_message_says_something_in_at_most_four_kibibytes() {
        for text in ["123", " \u{202e}x\0\n<b>", &"é".repeat(2048)] {
            assert_eq!(MessageText::parse(text).unwrap().as_str(), text);
        }
        for text in [
            " \n\u{2003}",
            "\u{200b}\u{200d}\u{2060}",
            &"\u{1}".repeat(4096),
        ] {
            assert_eq!(MessageText::parse(text), Err(MessageTextError::Empty));
        }
        assert_eq!(
            MessageText::parse(&"x".repeat(4097)),
            Err(MessageTextError::TooLong)
        );
    }
}
