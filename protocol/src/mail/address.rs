//! Mail addresses.

use crate::RegionCode;
use crate::text_conversions::plain;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The most characters of the name in an address.
pub const MAIL_NAME_MAX_CHARS: usize = 32;
/// The name that servers send notices from; nobody can claim it or write to it.
pub const POSTMASTER: &str = "postmaster";
/// The name at which a region's servers answer letters; nobody can claim it.
const ECHO: &str = "echo";

/// A person's address, `region-name`, such as `ord-wren`.
///
/// The name has 1 to 32 lower-case letters, digits and underscores. Everything before the last hyphen is the region's code,
/// which may contain hyphens. Upper-case letters are converted. An alias of a region is accepted in place of the code, and
/// replaced when the address is resolved.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, pattern = "^[A-Za-z0-9-]{1,24}-[A-Za-z0-9_]{1,32}$", examples("ord-wren")))]
#[serde(try_from = "String", into = "String")]
pub struct MailAddress((RegionCode, Box<str>));

/// The error for an invalid address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "an address is a region and a name of 1 to {MAIL_NAME_MAX_CHARS} letters, digits or underscores, such as ord-wren"
)]
pub struct AddressError;

impl MailAddress {
    /// Parses an address; surrounding white space is ignored.
    ///
    /// # Errors
    /// [`AddressError`] if it does not have that form.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim().to_ascii_lowercase();
        let (place, name) = text.rsplit_once('-').ok_or(AddressError)?;
        let place = RegionCode::parse(place).map_err(|_| AddressError)?;
        Self::new(place, name)
    }

    /// Parses an address as people type or paste it: with any kind of dash, in punctuation, or as the link to its page.
    ///
    /// # Errors
    /// [`AddressError`] as for [`MailAddress::parse`].
    pub fn parse_typed(text: &str) -> Result<Self, AddressError> {
        let text = match text.rsplit_once("/mail/") {
            Some((_, path)) => path.split(['/', '?', '#']).next().unwrap_or_default(),
            None => text,
        };
        // What else is not ASCII is a mark that chats put around words to keep their direction, or no part of an address.
        let typed = text.chars().filter_map(|char| match char {
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' => Some('-'),
            char => (char.is_ascii() || char.is_alphanumeric()).then_some(char),
        });
        let typed: String = typed.collect();
        let is_around = |char: char| !char.is_alphanumeric() && char != '_';
        // A hyphen at the end may have more to come.
        let typed = typed.trim_start_matches(is_around);
        Self::parse(typed.trim_end_matches(|char| is_around(char) && char != '-'))
    }

    /// The address with that name in that region.
    ///
    /// # Errors
    /// [`AddressError`] if the name is invalid.
    pub fn new(place: RegionCode, name: &str) -> Result<Self, AddressError> {
        let name = name.to_ascii_lowercase();
        let is_plain = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
        let name = plain(&name, 1..=MAIL_NAME_MAX_CHARS, is_plain);
        Ok(Self((place, name.ok_or(AddressError)?)))
    }

    /// The region's code, or an alias.
    #[must_use]
    pub fn place(&self) -> &RegionCode {
        &self.0.0
    }

    /// The person's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.1
    }

    /// The same name in another region, to replace an alias.
    #[must_use]
    pub fn at(self, place: RegionCode) -> Self {
        Self((place, self.0.1))
    }

    /// Whether only servers send from it.
    #[must_use]
    pub fn is_reserved(&self) -> bool {
        self.is_postmaster() || self.is_echo()
    }

    /// Whether servers send notices from it, and nobody writes to it.
    #[must_use]
    pub fn is_postmaster(&self) -> bool {
        self.name() == POSTMASTER
    }

    /// Whether its region's servers answer what people write to it.
    #[must_use]
    pub fn is_echo(&self) -> bool {
        self.name() == ECHO
    }

    /// The echo of a region.
    #[must_use]
    pub fn echo(place: RegionCode) -> Self {
        Self((place, ECHO.into()))
    }
}

impl fmt::Display for MailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.0.0, self.0.1)
    }
}

crate::text_conversions::text_conversions!(MailAddress, AddressError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_hyphen_parts_region_and_name() {
        for (text, place, name) in [
            ("ord-wren", "ord", "wren"),
            ("ap-southeast-2-wren_2", "ap-southeast-2", "wren_2"),
            (" 1-User \n", "1", "user"),
        ] {
            let address = MailAddress::parse(text).unwrap();

            assert_eq!((address.place().as_str(), address.name()), (place, name));
            assert_eq!(address.to_string(), format!("{place}-{name}"));
        }
    }

    #[test]
    fn addresses_are_found_in_what_people_type_and_paste() {
        for typed in [
            "ORD-Wren",
            "<ord-wren>,",
            "(ord-wren).",
            "ord\u{2011}wren",
            "\u{2068}ord\u{2013}wren\u{2069}",
            "https://fra.example/mail/ord-wren?to=x#write",
            "Write to http://127.0.0.1:3000/mail/ord-wren",
        ] {
            let address = MailAddress::parse_typed(typed);
            assert_eq!(address, MailAddress::parse("ord-wren"), "{typed}");
        }
        for typed in [
            "wren",
            "örd-wren",
            "ord-wren-",
            "ord-wren and fra-finch",
            "/mail/",
            "",
        ] {
            assert_eq!(
                MailAddress::parse_typed(typed),
                Err(AddressError),
                "{typed}"
            );
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let long = format!("ord-{}", "x".repeat(33));
        for text in [
            "",
            "wren",
            "-wren",
            "ord-",
            "ord-wr en",
            "ord- wren",
            "ord -wren",
            "ord-wrén",
            "örd-wren",
            "ord-\u{202e}x",
            &long,
        ] {
            assert_eq!(MailAddress::parse(text), Err(AddressError), "{text:?}");
        }
    }

    #[test]
    fn the_names_of_servers_are_no_persons() {
        let address = |text| MailAddress::parse(text).unwrap();
        let (postmaster, echo) = (address("fra-Postmaster"), address("ap-south-1-Echo"));

        assert!(postmaster.is_reserved() && postmaster.is_postmaster() && !postmaster.is_echo());
        assert!(echo.is_reserved() && echo.is_echo() && !echo.is_postmaster());
        assert_eq!(MailAddress::echo(echo.place().clone()), echo);
        for text in ["fra-postmasters", "fra-echo_2", "echo-wren"] {
            assert!(!address(text).is_reserved(), "{text}");
        }
    }
}
