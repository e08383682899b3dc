//! Participants' names.

use crate::one_line::one_line;
use serde::{Deserialize, Serialize};

/// The most characters of a name, as people count them.
const NAME_MAX_CHARS: usize = 32;

/// A participant's name: 1 to 32 characters on one line, in at most 1024 bytes of UTF-8. What shows
/// nothing around it is ignored.
///
/// Each character is visible or a space. Control characters and what changes the direction of text are refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, pattern = "\\S", examples("Wren")))]
#[serde(try_from = "String", into = "String")]
pub struct ParticipantName(Box<str>);

/// The error for an invalid name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`participant_name` has 1 to {NAME_MAX_CHARS} characters that can be seen, on one line, in one direction"
)]
pub struct ParticipantNameError;

impl ParticipantName {
    /// Parses a name; what shows nothing around it is ignored.
    ///
    /// # Errors
    /// [`ParticipantNameError`] if it is empty, longer than 32 characters, or contains control characters, line breaks, or
    /// invisible characters, which could make one name look like another.
    pub fn parse(text: &str) -> Result<Self, ParticipantNameError> {
        let name = one_line(text, NAME_MAX_CHARS).ok_or(ParticipantNameError)?;
        Ok(Self(name.into()))
    }
}

crate::text_conversions::text_conversions!(text ParticipantName, ParticipantNameError);

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLAND: &str = "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}";
    const SCOTLAND: &str = "\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}";
    const WALES: &str = "\u{1f3f4}\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}";

    #[test]
    fn names_are_one_short_line_that_shows() {
        for text in [
            "Wren",
            "  Ann-Marie O’Neill ",
            "李小龍",
            "🐦‍⬛",
            "👩🏽‍❤️‍💋‍👨🏿",
            "علي",
            "می‌خواهم",
            "क्षत्रिय",
            "שָׁ֑לוֹם",
            "⠓⠊⠀⠞⠓⠑⠗⠑",
            ENGLAND,
            SCOTLAND,
            WALES,
            &"x".repeat(32),
            &ENGLAND.repeat(32),
            &"e\u{302}\u{301}".repeat(32),
        ] {
            assert_eq!(
                ParticipantName::parse(text).map(String::from).as_deref(),
                Ok(text.trim())
            );
        }
        let trimmed = ParticipantName::parse("\u{2800} Wren\u{3000}\u{2800}").unwrap();
        assert_eq!(trimmed.as_str(), "Wren");
    }

    #[test]
    fn what_is_long_or_on_two_lines_or_stacked_is_refused() {
        for text in [
            "",
            "  ",
            "a\nb",
            "a\r\nb",
            "a\u{2028}b",
            "a\u{202e}b",
            "a\u{2066}b",
            "a\u{0}",
            "a\u{fff9}b",
            &"x".repeat(33),
            &"e\u{301}".repeat(33),
            &format!("e{}", "\u{301}".repeat(7)),
            &"\u{1100}".repeat(13),
        ] {
            assert_eq!(
                ParticipantName::parse(text),
                Err(ParticipantNameError),
                "{text:?}"
            );
        }
    }

    #[test]
    fn what_cannot_be_seen_is_refused_alone_together_and_beside_what_can() {
        let hidden = [
            "\u{3164}",
            "\u{115f}",
            "\u{ffa0}",
            "\u{ad}",
            "\u{200b}",
            "\u{feff}",
            "\u{2060}",
            "\u{e0067}",
            "\u{e0001}",
        ];
        let joining = ["\u{200d}", "\u{200c}", "\u{fe0f}", "\u{34f}"];
        let blank = ["\u{2800}", "\u{1d159}", "\u{3000}"];
        let all = [&hidden[..], &joining, &blank].concat();
        for text in &all {
            for text in [text.to_string(), format!(" {text}\t{text}")] {
                assert_eq!(
                    ParticipantName::parse(&text),
                    Err(ParticipantNameError),
                    "{text:?}"
                );
            }
        }
        assert_eq!(
            ParticipantName::parse(&all.concat()),
            Err(ParticipantNameError)
        );
        for text in hidden {
            let text = format!("Wr{text}en");
            assert_eq!(
                ParticipantName::parse(&text),
                Err(ParticipantNameError),
                "{text:?}"
            );
        }
        assert_eq!(
            ParticipantName::parse("Wren \u{fe0f}"),
            Err(ParticipantNameError)
        );
    }
}
