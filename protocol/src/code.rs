//! The code of a region.

use crate::text_conversions::plain;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The most bytes of a region code.
///
/// AWS's longest, `ap-southeast-2`, has 14.
const CODE_MAX_BYTES: usize = 24;

/// A region's code: lower-case letters, digits and hyphens, such as `ord` or `eu-central-1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[a-z0-9-]{1,24}$", examples("fra")))]
#[serde(try_from = "String", into = "String")]
pub struct RegionCode(Box<str>);

/// The error for an invalid region code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a region code has 1 to {CODE_MAX_BYTES} lower-case letters, digits or hyphens")]
pub struct CodeError;

impl RegionCode {
    /// Parses a code.
    ///
    /// # Errors
    /// [`CodeError`] unless the text is 1 to 24 lower-case ASCII letters, digits or hyphens.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let is_plain = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
        let code = plain(text, 1..=CODE_MAX_BYTES, is_plain);
        code.map(Self).ok_or(CodeError)
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

crate::text_conversions::text_conversions!(text RegionCode, CodeError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_real_providers_parse() {
        for text in ["ord", "ap-southeast-2", "x", "0"] {
            assert_eq!(RegionCode::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "ORD", "o rd", "ört", "a\u{0}", &"a".repeat(25)] {
            assert_eq!(RegionCode::parse(text), Err(CodeError), "{text:?}");
        }
        assert!(serde_json::from_str::<RegionCode>("\"Nowhere!\"").is_err());
    }
}
