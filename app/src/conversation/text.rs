//! What people wrote, as plain text without hidden characters.
//!
//! Markup needs no care: everything becomes text nodes. Bidirectional controls are kept, since some scripts need them:
//! each text is in an isolate of its own, where their effect ends.

use leptos::prelude::*;

/// The first of the pictures of control characters (Unicode, "Control Pictures").
const PICTURES: u32 = 0x2400;
/// The picture of DELETE.
const PICTURE_OF_DELETE: char = '\u{2421}';
/// Replaces control characters that have no picture.
const NO_PICTURE: char = '\u{fffd}';
/// Ends a preview that is cut off.
const ELLIPSIS: char = '…';

/// The text with control characters as visible pictures, except tabs and line ends.
///
/// Browsers parse such characters differently from how scripts insert them: without them, hydration finds what the
/// server rendered.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(one) = rest.next() {
        match one {
            // The line feed after it ends the line.
            '\r' if rest.peek() == Some(&'\n') => {}
            '\n' | '\t' => shown.push(one),
            other => shown.push(picture(other)),
        }
    }
    shown
}

/// The text on one line, of at most that many characters.
pub(crate) fn preview(text: &str, chars_max: usize) -> String {
    let mut shown = String::new();
    let mut left = chars_max;
    for word in text.split_whitespace() {
        if !shown.is_empty() {
            shown.push(' ');
        }
        for one in word.chars() {
            if left == 0 {
                shown.push(ELLIPSIS);
                return shown;
            }
            left -= 1;
            shown.push(picture(one));
        }
    }
    shown
}

fn picture(one: char) -> char {
    match one {
        '\0'..='\u{1f}' => char::from_u32(PICTURES + u32::from(one)).unwrap_or(NO_PICTURE),
        '\u{7f}' => PICTURE_OF_DELETE,
        other if other.is_control() => NO_PICTURE,
        other => other,
    }
}

/// A text by anyone, as a text node in an isolate of its own, so that it cannot affect what is around it.
#[component]
pub(crate) fn Written(
    /// The text.
    text: String,
) -> impl IntoView {
    view! { <bdi class="written" data-testid="written">{visible(&text)}</bdi> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn control_characters_are_seen() {
        assert_eq!(visible("a\0b\u{1b}[31m\u{7f}\u{85}"), "a␀b␛[31m␡\u{fffd}");
        assert_eq!(
            visible("one\r\ntwo\rthree\n\tfour"),
            "one\ntwo␍three\n\tfour"
        );
    }

    #[test]
    fn everything_else_is_as_it_was_written() {
        let text = "<b>\u{202e}&amp;\u{200d}👩‍🚀 ￿\u{10ffff} שלום \u{feff}";

        assert_eq!(visible(text), text);
    }

    #[test]
    fn a_preview_is_one_line() {
        assert_eq!(
            preview("  Fancy\n\n a \t flight?\u{7} ", 80),
            "Fancy a flight?␇"
        );
        assert_eq!(preview("abc def", 5), "abc de…");
        assert_eq!(preview("abc", 3), "abc");
    }

    proptest! {
        #[test]
        fn no_text_leaves_a_control_character(text in any::<String>()) {
            let shown = visible(&text);

            prop_assert!(!shown.chars().any(|one| one.is_control() && one != '\n' && one != '\t'));
            prop_assert_eq!(visible(&shown), shown);
        }

        #[test]
        fn no_preview_is_longer_or_has_lines(text in any::<String>()) {
            let shown = preview(&text, 20);

            prop_assert!(shown.chars().filter(|one| *one != ' ').count() <= 21);
            prop_assert!(!shown.chars().any(char::is_control));
        }
    }
}
