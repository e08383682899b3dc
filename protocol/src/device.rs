//! Device ids.

use crate::text_conversions::plain;
use serde::Deserialize;
use std::fmt;

/// The fewest characters of a device id.
const ID_MIN_BYTES: usize = 8;
/// The most characters of a device id.
const ID_MAX_BYTES: usize = 128;

/// Identifies a device and thereby its owner: anyone who knows it can act for them.
///
/// It is secret: `Debug` hides it, nothing serializes it, and servers store only a keyed hash.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[!-~]{8,128}$", examples("d3b07384d113edec")))]
#[serde(try_from = "String")]
pub struct DeviceId(Box<str>);

/// The error for an invalid device id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`device_id` has {ID_MIN_BYTES} to {ID_MAX_BYTES} visible ASCII characters")]
pub struct DeviceIdError;

impl DeviceId {
    /// Parses an id.
    ///
    /// # Errors
    /// [`DeviceIdError`] unless the text is 8 to 128 visible ASCII characters.
    pub fn parse(text: &str) -> Result<Self, DeviceIdError> {
        let is_plain = |byte: u8| byte.is_ascii_graphic();
        let id = plain(text, ID_MIN_BYTES..=ID_MAX_BYTES, is_plain);
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
    fn ids_are_of_visible_characters() {
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
    fn neither_debug_nor_an_error_shows_the_secret() {
        let id = DeviceId::parse("hunter2hunter2").unwrap();
        let error = serde_json::from_str::<DeviceId>("\"hunter 2 hunter 2\"").unwrap_err();

        assert!(!format!("{id:?}{error}").contains("hunter"));
    }
}
