//! Participants' names.

use serde::{Deserialize, Serialize};

/// The most characters of a participant's name.
const NAME_MAX_CHARS: usize = 32;

/// A participant's name: 1 to 32 characters on one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, pattern = "^[\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]*[^\\x00-\\x20\\x7f-\\xa0\\u061c\\u1680\\u2000-\\u200b\\u200e\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u3000\\ufeff\\ufff9-\\ufffb\u{e0000}-\u{e007f}](?:[^\\x00-\\x1f\\x7f-\\x9f\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\u{e0000}-\u{e007f}]{0,30}[^\\x00-\\x20\\x7f-\\xa0\\u061c\\u1680\\u2000-\\u200b\\u200e\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u3000\\ufeff\\ufff9-\\ufffb\u{e0000}-\u{e007f}])?[\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]*$", examples("Wren")))]
#[serde(try_from = "String", into = "String")]
pub struct ParticipantName(Box<str>);

/// The error for an invalid name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`participant_name` has 1 to {NAME_MAX_CHARS} characters that can be seen, on one line, in one direction"
)]
pub struct ParticipantNameError;

impl ParticipantName {
    /// Parses a name; surrounding white space is ignored.
    ///
    /// # Errors
    /// [`ParticipantNameError`] if it is empty, longer than 32 characters, or contains control characters, line breaks, or
    /// invisible characters that change the direction of text, which could make one name look like another.
    pub fn parse(text: &str) -> Result<Self, ParticipantNameError> {
        // Too long to read: 32 characters have at most 128 bytes.
        let name = text.trim();
        let fits = !name.is_empty() && name.chars().count() <= NAME_MAX_CHARS;
        if fits && name.chars().all(is_shown) {
            Ok(Self(name.into()))
        } else {
            Err(ParticipantNameError)
        }
    }
}

/// Whether a character is visible or joins visible ones. Rejected are control characters, line and paragraph separators,
/// bidirectional formatting characters (UAX #9, section 2), the zero-width space and the byte order mark.
fn is_shown(char: char) -> bool {
    let hidden = matches!(char,
        '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    !char.is_control() && !hidden
}

crate::text_conversions::text_conversions!(text ParticipantName, ParticipantNameError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_short_line_that_shows() {
        for text in [
            "Wren",
            "  Ann-Marie O’Neill ",
            "李小龍",
            "🐦‍⬛",
            "علي",
            &"x".repeat(32),
        ] {
            assert_eq!(ParticipantName::parse(text).unwrap().as_str(), text.trim());
        }
        for text in [
            "",
            "  ",
            "a\nb",
            "a\u{202e}b",
            "\u{200b}",
            "a\u{0}",
            &"x".repeat(33),
        ] {
            assert_eq!(
                ParticipantName::parse(text),
                Err(ParticipantNameError),
                "{text:?}"
            );
        }
    }
}
