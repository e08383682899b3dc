//! What types parsed from text share.

use std::ops::RangeInclusive;

/// The zeros of the scripts whose digits keyboards type today; nine digits follow each (Unicode, DerivedNumericType.txt).
///
/// Latin, Arabic, Persian and Urdu, Devanagari, Bengali, Gurmukhi, Gujarati, Odia, Tamil, Telugu, Kannada, Malayalam, Thai,
/// Lao, Tibetan, Myanmar, Khmer, full-width.
const ZEROS: [char; 18] = [
    '0', '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}', '\u{be6}',
    '\u{c66}', '\u{ce6}', '\u{d66}', '\u{e50}', '\u{ed0}', '\u{f20}', '\u{1040}', '\u{17e0}',
    '\u{ff10}',
];

/// The ASCII digit that means the same as a decimal digit of any script in `ZEROS`.
pub(crate) fn ascii_digit(char: char) -> Option<char> {
    let value = |zero: &char| u32::from(char).checked_sub(u32::from(*zero));
    let value = ZEROS.iter().filter_map(value).find(|value| *value < 10)?;
    char::from_digit(value, 10)
}

/// The text, if it has so many bytes and all of them are plain.
pub(crate) fn plain(
    text: &str,
    lengths: RangeInclusive<usize>,
    is_plain: fn(u8) -> bool,
) -> Option<Box<str>> {
    (lengths.contains(&text.len()) && text.bytes().all(is_plain)).then(|| text.into())
}

/// `TryFrom<String>` by the type's `parse`, and `From` back to a `String`, as serde's `try_from` and `into` need them.
///
/// A type that wraps a text also gets `as_str`; any other is turned back by `Display`.
macro_rules! text_conversions {
    ($type:ident, $error:ident) => {
        crate::text_conversions::text_conversions!($type, $error, |value| value.to_string());
    };
    (text $type:ident, $error:ident) => {
        crate::text_conversions::text_conversions!($type, $error, |value| value.0.into());

        impl $type {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
    ($type:ident, $error:ident, $into:expr) => {
        impl TryFrom<String> for $type {
            type Error = $error;

            fn try_from(text: String) -> Result<Self, $error> {
                Self::parse(&text)
            }
        }

        impl From<$type> for String {
            fn from(value: $type) -> Self {
                let into: fn($type) -> Self = $into;
                into(value)
            }
        }
    };
}

pub(crate) use text_conversions;
