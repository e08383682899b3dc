//! Message ids.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The number of hexadecimal digits.
const DIGITS: usize = 32;

/// A message's id, the same at its sender and at its recipient: 128 random bits as 32 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[0-9a-f]{32}$", examples("6f1c0b52a9de4f7388e02d6b1c9a54f0")))]
#[serde(try_from = "String", into = "String")]
pub struct MessageId(Box<str>);

/// The error for an invalid message id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a message id has {DIGITS} lower-case hexadecimal digits")]
pub struct MessageIdError;

impl MessageId {
    /// Parses an id.
    ///
    /// # Errors
    /// [`MessageIdError`] if it does not have that form.
    pub fn parse(text: &str) -> Result<Self, MessageIdError> {
        let digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() == DIGITS && text.bytes().all(digit) {
            Ok(Self(text.into()))
        } else {
            Err(MessageIdError)
        }
    }

    /// The id with that value.
    #[must_use]
    pub fn of(number: u128) -> Self {
        Self(format!("{number:032x}").into())
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

crate::text_conversions::text_conversions!(MessageId, MessageIdError, |id| id.0.into());

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
}
