//! Characters that show nothing.

/// Whether a point is white space, or blank though no property of Unicode says so: in Braille and in musical notation.
pub(crate) fn is_blank(point: char) -> bool {
    point.is_whitespace() || matches!(point, '\u{2800}' | '\u{1d159}')
}

/// Whether a point is invisible in itself, such as a joiner or a mark of direction (Unicode, Default_Ignorable_Code_Point).
///
/// Written down, because browsers need it, too: the tables for it would be a larger download.
pub(crate) fn is_ignorable(point: char) -> bool {
    matches!(point, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}')
        || matches!(point, '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(point, '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
        || matches!(point, '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}')
        || matches!(point, '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a text is empty, or nothing of it can be seen.
pub(crate) fn shows_nothing(text: &str) -> bool {
    let is_unseen = |point: char| is_blank(point) || is_ignorable(point) || point.is_control();
    text.chars().all(is_unseen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use icu_properties::CodePointSetData;
    use icu_properties::props::DefaultIgnorableCodePoint;

    #[test]
    fn what_is_ignorable_is_what_unicode_says() {
        let unicode = CodePointSetData::new::<DefaultIgnorableCodePoint>();

        for point in '\0'..=char::MAX {
            assert_eq!(is_ignorable(point), unicode.contains(point), "{point:?}");
        }
    }

    #[test]
    fn a_text_shows_nothing_where_no_character_can_be_seen() {
        for text in [
            "",
            " \n\u{2003}",
            "\u{200b}\u{200d}\u{2060}",
            "\u{1}\u{2800}",
        ] {
            assert!(shows_nothing(text), "{text:?}");
        }
        assert!(!shows_nothing("\u{200f}."));
    }
}
