//! Short texts that people give to things, for all to see.

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, GraphemeClusterBreak};
use icu_properties::{CodePointMapData, CodePointSetData};
use unicode_segmentation::UnicodeSegmentation;

/// The most bytes for each character that is allowed, as UTF-8: a flag of England has 28.
const CHAR_MAX_BYTES: usize = 32;
/// The most code points of a character: emoji have up to ten.
const CHAR_MAX_POINTS: usize = 12;
/// The most marks over, under and around a character: Hebrew has up to five, and more would cover other lines.
const CHAR_MAX_MARKS: usize = 6;

/// A text of 1 to so many characters, as people count them (grapheme clusters, UAX #29), on one line. Surrounding white space is
/// dropped.
///
/// `None` if it is empty or longer, or contains control characters, line breaks, or invisible characters, which could make one
/// text look like another.
pub(crate) fn one_line(text: &str, max_chars: usize) -> Option<String> {
    let text = text.trim_matches(is_blank);
    let fits = (1..=max_chars * CHAR_MAX_BYTES).contains(&text.len())
        && text.graphemes(true).count() <= max_chars;
    (fits && text.graphemes(true).all(is_shown)).then(|| text.to_owned())
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
