//! Short texts that people give to things, for all to see.

use crate::invisible::{is_blank, is_ignorable};
use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, GraphemeClusterBreak};
use unicode_segmentation::UnicodeSegmentation;

/// The most bytes for each character that is allowed, as UTF-8: a flag of England has 28.
const CHAR_MAX_BYTES: usize = 32;
/// The most code points of a character: emoji have up to ten.
const CHAR_MAX_POINTS: usize = 12;
/// The most marks over, under and around a character: Hebrew has up to five, and more would cover other lines.
const CHAR_MAX_MARKS: usize = 6;

/// A text of 1 to so many characters, as people count them (grapheme clusters, UAX #29), on one line. White space around it is
/// dropped, and what is invisible there: keyboards add marks of direction by themselves.
///
/// `None` if it is empty or longer, or contains control characters, line breaks, or invisible characters, which could make one
/// text look like another.
pub(crate) fn one_line(text: &str, max_chars: usize) -> Option<String> {
    let text = trimmed(text);
    let fits = (1..=max_chars * CHAR_MAX_BYTES).contains(&text.len())
        && text.graphemes(true).count() <= max_chars;
    (fits && text.graphemes(true).all(is_shown) && hides_nothing(text)).then(|| text.to_owned())
}

/// A text without what shows nothing at its ends.
fn trimmed(text: &str) -> &str {
    let is_unseen = |point| is_blank(point) || is_ignorable(point);
    let text = text.trim_start_matches(is_unseen);
    // These belong to what is before them.
    let kept = text.trim_end_matches(|point| {
        is_unseen(point) && !is_variation_selector(point) && !is_tag(point)
    });
    let joiner = text.split_at(kept.len()).1.chars().next();
    match joiner.filter(|point| is_joiner(*point) && kept.ends_with(is_virama)) {
        Some(joiner) => text.split_at(kept.len() + joiner.len_utf8()).0,
        None => kept,
    }
}

/// Whether each invisible character of a text changes how its neighbours look, as emoji and scripts need it.
fn hides_nothing(text: &str) -> bool {
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(point) = rest.next() {
        let after = rest.peek().copied();
        let fits = match point {
            point if is_joiner(point) => before.is_some_and(|before| joins(before, after)),
            point if is_variation_selector(point) => {
                before.is_some_and(|before| varies(before, point, after))
            }
            point => !is_ignorable(point) || is_tag(point),
        };
        if !fits {
            return false;
        }
        before = Some(point);
    }
    true
}

/// Whether a joiner between two points can be seen: after a sign that joins consonants, beside a letter of a script whose
/// letters change with their neighbours, and before a symbol.
fn joins(before: char, after: Option<char>) -> bool {
    let is_seen = |point| !is_blank(point) && !is_ignorable(point);
    let changes = |point| matches!(point, '\u{600}'..='\u{1cff}' | '\u{a800}'..='\u{abff}' | '\u{10a00}'..='\u{11fff}' | '\u{1e900}'..='\u{1e95f}');
    match after {
        after if is_virama(before) => after.is_none_or(|after| !is_ignorable(after)),
        Some(after) => {
            (is_seen(before) || is_variation_selector(before))
                && is_seen(after)
                && (changes(before) || changes(after) || is_symbol(after))
        }
        None => false,
    }
}

/// Whether a variation selector after a point can be seen: symbols and letters of some scripts have variants, and digits
/// become keycaps.
fn varies(before: char, selector: char, after: Option<char>) -> bool {
    let is_for_emoji = matches!(selector, '\u{fe0e}' | '\u{fe0f}');
    let is_letter = before >= '\u{1000}' && category(before) == GeneralCategory::OtherLetter;
    let is_keycap = before.is_ascii() && after == Some('\u{20e3}');
    match is_for_emoji {
        true => is_symbol(before) || matches!(before, '‼' | '⁉' | 'ℹ' | '〰') || is_keycap,
        false => is_symbol(before) || is_letter,
    }
}

/// Whether a point joins what is around it, or keeps it apart.
fn is_joiner(point: char) -> bool {
    matches!(point, '\u{200c}' | '\u{200d}')
}

/// Whether a point selects a variant of the one before it.
fn is_variation_selector(point: char) -> bool {
    matches!(point, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' | '\u{180b}'..='\u{180d}' | '\u{180f}')
}

/// Whether a point is a tag. Only flags have some.
fn is_tag(point: char) -> bool {
    matches!(point, '\u{e0000}'..='\u{e007f}')
}

/// Whether a point takes the vowel off a letter of India's scripts, whose blocks all have it at the same place; or Sinhala's.
fn is_virama(point: char) -> bool {
    let place = u32::from(point) % 0x80;
    matches!(point, '\u{900}'..='\u{d7f}' if place == 0x4d) || point == '\u{dca}'
}

/// Whether a point is a symbol, as emoji are, beyond ASCII.
fn is_symbol(point: char) -> bool {
    let kind = category(point);
    let is_symbol = matches!(
        kind,
        GeneralCategory::OtherSymbol | GeneralCategory::MathSymbol
    );
    is_symbol && !point.is_ascii()
}

fn category(point: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(point)
}

/// Whether a character (a grapheme cluster) can be seen and is nothing but what is seen, or is a space.
fn is_shown(character: &str) -> bool {
    let is_visible = |point| !is_blank(point) && !is_ignorable(point);
    let is_mark = |point: &char| {
        matches!(
            category(*point),
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
    is_control || is_tag(point)
}

/// Whether a character is the flag of a part of a country: a black flag, tags, and the tag that ends them (UTS #51).
fn is_regional_flag(character: &str) -> bool {
    let tags = character.strip_prefix('\u{1f3f4}');
    let tags = tags.and_then(|tags| tags.strip_suffix('\u{e007f}'));
    let is_tag = |point| matches!(point, '\u{e0030}'..='\u{e0039}' | '\u{e0061}'..='\u{e007a}');
    tags.is_some_and(|tags| tags.chars().all(is_tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_invisible_at_the_ends_is_dropped() {
        for (text, kept) in [
            ("\u{200f}שלום", "שלום"),
            ("\u{61c} علي \u{200e}", "علي"),
            ("Zoë\u{200d}", "Zoë"),
            ("\u{feff}Wren\u{ad}\u{2060}", "Wren"),
            ("❤️\u{200d}", "❤️"),
            // As old keyboards type the last letter of this name.
            ("ജോണ്\u{200d}\u{200e}", "ജോണ്\u{200d}"),
        ] {
            assert_eq!(one_line(text, 32).as_deref(), Some(kept), "{text:?}");
        }
    }

    #[test]
    fn what_joins_or_selects_is_kept_where_it_changes_what_is_seen() {
        for text in [
            "می\u{200c}خواهم",
            "PDF\u{200c}ها",
            "क्\u{200d}ष",
            "क्\u{200d} ष",
            "ක්\u{200d}ර",
            "👩\u{200d}👩\u{200d}👧",
            "🏳\u{fe0f}\u{200d}⚧\u{fe0f}",
            "🙂\u{200d}↔\u{fe0f}",
            "1\u{fe0f}\u{20e3}",
            "ℹ\u{fe0f}",
            "❤\u{fe0e}",
            "葛\u{e0100}",
        ] {
            assert_eq!(one_line(text, 32).as_deref(), Some(text), "{text:?}");
        }
    }

    #[test]
    fn what_makes_a_text_look_like_another_is_refused() {
        for text in [
            "Zo\u{200d}ë",
            "Zo\u{200c}ë",
            "Zoë\u{fe0f}\u{200c}",
            "Zoë\u{fe00}",
            "Zoë\u{e0100}",
            "1\u{fe0f}",
            "❤\u{fe0f}\u{fe0f}",
            "می\u{200c}\u{200c}خواهم",
            "می\u{200d}\u{200c}خواهم",
            "क्\u{200d}\u{200d}ष",
            "می \u{200c}خواهم",
            "a\u{34f}b",
            "a\u{2060}b",
            "a\u{200f}b",
        ] {
            assert_eq!(one_line(text, 32), None, "{text:?}");
        }
    }
}
