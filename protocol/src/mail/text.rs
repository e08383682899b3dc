//! The text of a message.

use serde::{Deserialize, Serialize};

/// The most bytes of a message, as UTF-8.
pub const MESSAGE_MAX_BYTES: usize = 4096;

/// The text of a message: at most 4 KiB, and not only white space.
///
/// Any Unicode text is allowed, and none of it is markup. Whoever displays it isolates its direction and makes invisible
/// characters visible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "\\S", examples("Fancy a flight?")))]
#[serde(try_from = "String", into = "String")]
pub struct MessageText(Box<str>);

/// The error for an invalid text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageTextError {
    /// It is empty, or only white space.
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
        } else if text.trim().is_empty() {
            Err(MessageTextError::Empty)
        } else {
            Ok(Self(text.into()))
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

crate::text_conversions::text_conversions!(MessageText, MessageTextError, |text| text.0.into());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_something_in_at_most_four_kibibytes() {
        for text in ["123", " \u{202e}x\0\n<b>", &"é".repeat(2048)] {
            assert_eq!(MessageText::parse(text).unwrap().as_str(), text);
        }
        assert_eq!(
            MessageText::parse(" \n\u{2003}"),
            Err(MessageTextError::Empty)
        );
        assert_eq!(
            MessageText::parse(&"x".repeat(4097)),
            Err(MessageTextError::TooLong)
        );
    }
}
