//! The conversions that types parsed from text share.

/// `TryFrom<String>` by the type's `parse`, and `From` back to a `String`, as serde's `try_from` and `into` need them.
macro_rules! text_conversions {
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
