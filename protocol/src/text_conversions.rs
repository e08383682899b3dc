//! What types parsed from text share.

use std::ops::RangeInclusive;

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
