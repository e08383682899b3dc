//! Participants' names.

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, GraphemeClusterBreak};
use icu_properties::{CodePointMapData, CodePointSetData};
use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

/// The most characters of a name, as people count them: grapheme clusters (UAX #29).
const NAME_MAX_CHARS: usize = 32;
/// The most bytes of a name, as UTF-8: 32 flags of England have 896.
const NAME_MAX_BYTES: usize = 1024;
/// The most code points of a character: emoji have up to ten.
const CHAR_MAX_POINTS: usize = 12;
/// The most marks over, under and around a character: Hebrew has up to five, and more would cover other lines.
const CHAR_MAX_MARKS: usize = 6;

/// A participant's name: 1 to 32 characters on one line, in at most 1024 bytes of UTF-8. Surrounding white space is
/// ignored.
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
    /// Parses a name; surrounding white space is ignored.
    ///
    /// # Errors
    /// [`ParticipantNameError`] if it is empty, longer than 32 characters, or contains control characters, line breaks, or
    /// invisible characters, which could make one name look like another.
    pub fn parse(text: &str) -> Result<Self, ParticipantNameError> {
        let name = text.trim_matches(is_blank);
        let fits = (1..=NAME_MAX_BYTES).contains(&name.len())
            && name.graphemes(true).count() <= NAME_MAX_CHARS;
        if fits && name.graphemes(true).all(is_shown) {
            Ok(Self(name.into()))
        } else {
            Err(ParticipantNameError)
        }
    }
}

/// Whether a point is white space, or blank though no property of Unicode says so: in Braille and in musical notation.
fn is_blank(point: char) -> bool {
    point.is_whitespace() || matches!(point, '\u{2800}' | '\u{1d159}')
}

/// Whether a character (a grapheme cluster) can be seen and is nothing but what is seen, or is a space.
fn is_shown(character: &str) -> bool {
    let is_visible = |point| {
        !is_blank(point) && !CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(point)
    };
    let is_mark = |point: &char| {
        let category = CodePointMapData::<GeneralCategory>::new().get(*point);
        matches!(
            category,
            GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark
        )
    };
    let is_seen = character.chars().any(is_visible) || character.chars().all(is_blank);
    let is_plain = is_regional_flag(character) || !character.chars().any(is_control_or_tag);
    is_seen
        && is_plain
        && character.chars().count() <= CHAR_MAX_POINTS
        && character.chars().filter(is_mark).count() <= CHAR_MAX_MARKS
}

/// Whether a point controls the text around it (line breaks and directions too), or is a tag, which is invisible.
fn is_control_or_tag(point: char) -> bool {
    let kind = CodePointMapData::<GraphemeClusterBreak>::new().get(point);
    let is_control = matches!(
        kind,
        GraphemeClusterBreak::Control | GraphemeClusterBreak::CR | GraphemeClusterBreak::LF
    );
    is_control || matches!(point, '\u{e0000}'..='\u{e007f}')
}

/// Whether a character is the flag of a part of a country: a black flag, tags, and the tag that ends them (UTS #51).
fn is_regional_flag(character: &str) -> bool {
    let tags = character.strip_prefix('\u{1f3f4}');
    let tags = tags.and_then(|tags| tags.strip_suffix('\u{e007f}'));
    let is_tag = |point| matches!(point, '\u{e0030}'..='\u{e0039}' | '\u{e0061}'..='\u{e007a}');
    tags.is_some_and(|tags| tags.chars().all(is_tag))
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
            let text = format!("Wren{text}");
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
