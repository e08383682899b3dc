//! Party codes.

use crate::text_conversions::ascii_digit;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The number of digits.
const CODE_DIGITS: usize = 9;
/// The smallest code: all have nine digits.
pub const CODE_MIN: u32 = 100_000_000;
/// The largest code.
pub const CODE_MAX: u32 = 999_999_999;

/// A party's code: nine digits, such as `457495738`. Anyone who knows it can see the party and join.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, pattern = "^[1-9][0-9]{8}$", examples("457495738")))]
#[serde(try_from = "String", into = "String")]
pub struct PartyCode(u32);

/// The error for an invalid party code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`party_code` must have nine digits and not start with 0")]
pub struct PartyCodeError;

impl PartyCode {
    /// Parses a code.
    ///
    /// # Errors
    /// [`PartyCodeError`] unless the text is nine digits that begin with 1 to 9.
    pub fn parse(text: &str) -> Result<Self, PartyCodeError> {
        let plain = text.len() == CODE_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse() {
            Ok(number) if plain && number >= CODE_MIN => Ok(Self(number)),
            _ => Err(PartyCodeError),
        }
    }

    /// Parses a code as people type or paste it: with whatever stands between its digits, in the digits of any script that
    /// keyboards type today, or as the link to the party.
    ///
    /// # Errors
    /// [`PartyCodeError`] as for [`PartyCode::parse`].
    pub fn parse_typed(text: &str) -> Result<Self, PartyCodeError> {
        let text = match text.rsplit_once("/party/") {
            Some((_, path)) => path.split(['/', '?', '#']).next().unwrap_or_default(),
            None => text,
        };
        // Spaces, dashes of all kinds, and the marks that chats put around numbers to keep their direction.
        let typed = text.chars().filter(|char| char.is_alphanumeric());
        let digits: Option<String> = typed.take(CODE_DIGITS + 1).map(ascii_digit).collect();
        Self::parse(&digits.ok_or(PartyCodeError)?)
    }

    /// The code with that number, if it is in range.
    #[must_use]
    pub fn of_number(number: u32) -> Option<Self> {
        (CODE_MIN..=CODE_MAX)
            .contains(&number)
            .then_some(Self(number))
    }
}

impl fmt::Display for PartyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

crate::text_conversions::text_conversions!(PartyCode, PartyCodeError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_in_what_people_type_and_paste() {
        for typed in [
            " 457-495 738\n",
            "457\u{2013}495\u{2013}738",
            "457\u{2011}495\u{2011}738",
            "\u{2068}457495738\u{2069}",
            "４５７４９５７３８",
            "٤٥٧٤٩٥٧٣٨",
            "۴۵۷ ۴۹۵ ۷۳۸",
            "https://ord.example/party/457495738?name=Ann#chat",
            "Join: http://127.0.0.1:3000/party/457495738",
        ] {
            let code = PartyCode::parse_typed(typed);
            assert_eq!(code, PartyCode::parse("457495738"), "{typed}");
        }
        for typed in ["457 495 73x", "457 495 73½", "/party/", ""] {
            assert_eq!(
                PartyCode::parse_typed(typed),
                Err(PartyCodeError),
                "{typed}"
            );
        }
    }

    #[test]
    fn codes_have_nine_digits() {
        assert_eq!(
            PartyCode::parse("457495738").unwrap().to_string(),
            "457495738"
        );
        for text in [
            "",
            "45749573",
            "4574957380",
            "057495738",
            "45749573x",
            "+57495738",
            "４57495738",
        ] {
            assert_eq!(PartyCode::parse(text), Err(PartyCodeError), "{text}");
        }
        assert_eq!(
            PartyCode::parse_typed(&"1".repeat(1_000_000)),
            Err(PartyCodeError)
        );
        assert_eq!(PartyCode::of_number(CODE_MIN - 1), None);
        assert_eq!(
            PartyCode::of_number(CODE_MAX).unwrap().to_string(),
            "999999999"
        );
    }
}
