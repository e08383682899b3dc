//! Identifiers of regions, sessions and devices.

use crate::text_conversions::{plain, text_conversions};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The most bytes of a region code.
///
/// AWS's longest, `ap-southeast-2`, has 14.
const CODE_MAX_BYTES: usize = 24;
/// The fewest characters of a session id: 96 bits in base64.
const SESSION_ID_MIN_BYTES: usize = 16;
/// The most characters of a session id.
const SESSION_ID_MAX_BYTES: usize = 64;
/// The fewest characters of a device id.
const DEVICE_ID_MIN_BYTES: usize = 8;
/// The most characters of a device id.
const DEVICE_ID_MAX_BYTES: usize = 128;

/// A region's code: lower-case letters, digits and hyphens, such as `ord` or `eu-central-1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, pattern = "^[a-z0-9-]{1,24}$", examples("fra")))]
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

text_conversions!(text RegionCode, CodeError);

/// Identifies one browser tab's live connection across reconnects.
///
/// The browser generates it randomly. It scopes click numbers, so whoever knows it can forge the session's clicks: it is
/// never shown to others, and `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SessionId(Box<str>);

/// The error for an invalid session id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a session id has {SESSION_ID_MIN_BYTES} to {SESSION_ID_MAX_BYTES} letters, digits, hyphens or underscores"
)]
pub struct SessionIdError;

impl SessionId {
    /// Parses an id.
    ///
    /// # Errors
    /// [`SessionIdError`] unless the text is 16 to 64 ASCII letters, digits, `-` or `_`.
    pub fn parse(text: &str) -> Result<Self, SessionIdError> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        let id = plain(text, SESSION_ID_MIN_BYTES..=SESSION_ID_MAX_BYTES, is_plain);
        id.map(Self).ok_or(SessionIdError)
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionId(…)")
    }
}

text_conversions!(text SessionId, SessionIdError);

/// Identifies a device and thereby its owner: anyone who knows it can act for them.
///
/// It is secret: `Debug` hides it, nothing serializes it, and servers store only a keyed hash.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, pattern = "^[!-~]{8,128}$", examples("d3b07384d113edec")))]
#[serde(try_from = "String")]
pub struct DeviceId(Box<str>);

/// The error for an invalid device id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`device_id` has {DEVICE_ID_MIN_BYTES} to {DEVICE_ID_MAX_BYTES} visible ASCII characters")]
pub struct DeviceIdError;

impl DeviceId {
    /// Parses an id.
    ///
    /// # Errors
    /// [`DeviceIdError`] unless the text is 8 to 128 visible ASCII characters.
    pub fn parse(text: &str) -> Result<Self, DeviceIdError> {
        let is_plain = |byte: u8| byte.is_ascii_graphic();
        let id = plain(text, DEVICE_ID_MIN_BYTES..=DEVICE_ID_MAX_BYTES, is_plain);
        id.map(Self).ok_or(DeviceIdError)
    }

    /// The secret itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceId(…)")
    }
}

impl TryFrom<String> for DeviceId {
    type Error = DeviceIdError;

    fn try_from(text: String) -> Result<Self, DeviceIdError> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn region_codes_of_real_providers_parse() {
        for text in ["ord", "ap-southeast-2", "x", "0"] {
            assert_eq!(RegionCode::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn any_other_region_code_is_refused() {
        for text in ["", "ORD", "o rd", "ört", "a\u{0}", &"a".repeat(25)] {
            assert_eq!(RegionCode::parse(text), Err(CodeError), "{text:?}");
        }
        assert!(serde_json::from_str::<RegionCode>("\"Nowhere!\"").is_err());
    }

    #[test]
    fn session_ids_are_bounded_and_plain() {
        assert!(SessionId::parse(&"a".repeat(16)).is_ok());
        assert!(SessionId::parse("Zm9vYmFyYmF6_-0123").is_ok());
        for text in [
            "short",
            &"a".repeat(65),
            "with space 123456",
            "braces{}braces{}",
        ] {
            assert_eq!(SessionId::parse(text), Err(SessionIdError), "{text:?}");
        }
    }

    #[test]
    fn debug_hides_a_session_id() {
        let id = SessionId::parse("0123456789abcdef").unwrap();

        assert!(!format!("{id:?}").contains("0123"));
    }

    #[test]
    fn device_ids_are_of_visible_characters() {
        for text in ["12345678", "!#$%&'()*+,-./~", &"x".repeat(128)] {
            assert_eq!(DeviceId::parse(text).unwrap().expose(), text);
        }
        for text in [
            "",
            "1234567",
            "with space",
            "tab\tbed--",
            "ümlautig",
            &"x".repeat(129),
        ] {
            assert_eq!(DeviceId::parse(text), Err(DeviceIdError), "{text:?}");
        }
    }

    #[test]
    fn neither_debug_nor_an_error_shows_a_device_id() {
        let id = DeviceId::parse("hunter2hunter2").unwrap();
        let error = serde_json::from_str::<DeviceId>("\"hunter 2 hunter 2\"").unwrap_err();

        assert!(!format!("{id:?}{error}").contains("hunter"));
    }
}
