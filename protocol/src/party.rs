//! Parties: small groups of people of any region, with a leader.

use crate::{DeviceId, PageState, RegionCode};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Digits of a party's code.
const CODE_DIGITS: usize = 9;
/// The smallest code that is given out: all have nine digits.
pub const CODE_MIN: u32 = 100_000_000;
/// The largest code.
pub const CODE_MAX: u32 = 999_999_999;
/// How far away a party is found by the page, in kilometres.
pub const NEARBY_RADIUS_KM: u32 = 500;
/// How many nearby parties the page shows.
pub const NEARBY_MAX: u32 = 12;
/// Most characters of a participant's name.
const NAME_MAX_CHARS: usize = 32;

/// A party's code: nine digits, such as `457495738`. Who knows it may see the party and join.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[1-9][0-9]{8}$", examples("457495738")))]
#[serde(try_from = "String", into = "String")]
pub struct PartyCode(u32);

/// Why a text is no party code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`party_code` has nine digits, the first of them not 0")]
pub struct PartyCodeError;

impl PartyCode {
    /// Reads a code.
    ///
    /// # Errors
    /// [`PartyCodeError`] unless the text is nine digits that begin with 1 to 9.
    pub fn parse(text: &str) -> Result<Self, PartyCodeError> {
        let plain = text.len() == CODE_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse() {
            Ok(number) if plain && number >= CODE_MIN => Ok(Self(number)),
            _ => Err(PartyCodeError),
        }
    }

    /// Reads a code as people type it: spaces and hyphens between the digits do not count.
    ///
    /// # Errors
    /// [`PartyCodeError`] as for [`PartyCode::parse`].
    pub fn parse_typed(text: &str) -> Result<Self, PartyCodeError> {
        let kept = |char: &char| !char.is_whitespace() && *char != '-';
        Self::parse(
            &text
                .chars()
                .filter(kept)
                .take(CODE_DIGITS + 1)
                .collect::<String>(),
        )
    }

    /// The code of that number, if there is one.
    #[must_use]
    pub fn of_number(number: u32) -> Option<Self> {
        (CODE_MIN..=CODE_MAX)
            .contains(&number)
            .then_some(Self(number))
    }
}

impl fmt::Display for PartyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl TryFrom<String> for PartyCode {
    type Error = PartyCodeError;

    fn try_from(text: String) -> Result<Self, PartyCodeError> {
        Self::parse(&text)
    }
}

impl From<PartyCode> for String {
    fn from(code: PartyCode) -> Self {
        code.to_string()
    }
}

/// What a participant is called: 1 to 32 characters of one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]*[^\\x00-\\x20\\x7f-\\xa0\\u061c\\u1680\\u2000-\\u200b\\u200e\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u3000\\ufeff\\ufff9-\\ufffb\u{e0000}-\u{e007f}](?:[^\\x00-\\x1f\\x7f-\\x9f\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\u{e0000}-\u{e007f}]{0,30}[^\\x00-\\x20\\x7f-\\xa0\\u061c\\u1680\\u2000-\\u200b\\u200e\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u3000\\ufeff\\ufff9-\\ufffb\u{e0000}-\u{e007f}])?[\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]*$", examples("Wren")))]
#[serde(try_from = "String", into = "String")]
pub struct ParticipantName(Box<str>);

/// Why a text is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`participant_name` has 1 to {NAME_MAX_CHARS} characters that can be seen, on one line, in one direction"
)]
pub struct ParticipantNameError;

impl ParticipantName {
    /// Reads a name; white space around it does not count.
    ///
    /// # Errors
    /// [`ParticipantNameError`] where it is empty, longer than 32 characters, or has control characters,
    /// line breaks, or the invisible characters that change the direction of text: those could make one
    /// name look like another.
    pub fn parse(text: &str) -> Result<Self, ParticipantNameError> {
        // Too long to read: 32 characters have at most 128 bytes.
        let name = text.trim();
        let fits = !name.is_empty() && name.chars().count() <= NAME_MAX_CHARS;
        if fits && name.chars().all(is_shown) {
            Ok(Self(name.into()))
        } else {
            Err(ParticipantNameError)
        }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a character shows, or joins two that do. Those that are refused are Unicode's controls, line and
/// paragraph separators, and its bidirectional formatting characters (UAX #9, section 2), with the
/// zero-width space and the byte order mark.
fn is_shown(char: char) -> bool {
    let hidden = matches!(char,
        '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    !char.is_control() && !hidden
}

impl TryFrom<String> for ParticipantName {
    type Error = ParticipantNameError;

    fn try_from(text: String) -> Result<Self, ParticipantNameError> {
        Self::parse(&text)
    }
}

impl From<ParticipantName> for String {
    fn from(name: ParticipantName) -> Self {
        name.0.into()
    }
}

/// The body of `POST /parties`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewParty {
    /// Who creates it, and leads it.
    pub device_id: DeviceId,
    /// What they are called there; `Guest` and their id where nothing is given.
    pub participant_name: Option<ParticipantName>,
    /// Where they are, in degrees north; only with `lng`. Where both are missing, the serving region is
    /// where the party is.
    #[cfg_attr(feature = "openapi", schema(minimum = -90, maximum = 90))]
    pub lat: Option<f64>,
    /// Where they are, in degrees east; only with `lat`.
    #[cfg_attr(feature = "openapi", schema(minimum = -180, maximum = 180))]
    pub lng: Option<f64>,
    /// Whether it is found among the nearby parties; it is unless this says no.
    pub listed: Option<bool>,
}

/// The answer to `POST /parties`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartyCreated {
    /// The party's code.
    pub party_code: PartyCode,
    /// The creator's id within the party: 0.
    pub participant_id: u32,
    /// The region that it was created in.
    pub region: RegionCode,
}

/// The body of `POST /parties/{party_code}/participants`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewParticipant {
    /// Who joins.
    pub device_id: DeviceId,
    /// What they are called there; `Guest` and their id where nothing is given. Who is in already takes a
    /// given name as their new one.
    pub participant_name: Option<ParticipantName>,
}

/// The answer to `POST /parties/{party_code}/participants`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartyJoined {
    /// The party's code.
    pub party_code: PartyCode,
    /// The id within the party: rising from 0, never used twice.
    pub participant_id: u32,
}

/// One participant of a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Participant {
    /// The id within the party: rising from 0, never used twice.
    pub participant_id: u32,
    /// What they are called.
    pub participant_name: String,
    /// Whether they lead: one does.
    pub is_leader: bool,
    /// Whether a page of theirs is open, any page in any region.
    pub online: bool,
    /// When they joined, by Redis's clock (RFC 3339, UTC).
    pub joined_at: String,
}

/// A party.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Party {
    /// The party's code.
    pub party_code: PartyCode,
    /// How many changes the party has seen: a larger one is newer.
    pub rev: u64,
    /// The region that it was created in.
    pub region: RegionCode,
    /// Where it was created, rounded to about a kilometre: degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lng: f64,
    /// Whether it is found among the nearby parties.
    pub listed: bool,
    /// When it was created, by Redis's clock (RFC 3339, UTC).
    pub created_at: String,
    /// How many participants it may have.
    pub limit: u32,
    /// Who is in, in the order in which they joined.
    pub participants: Vec<Participant>,
}

impl Party {
    /// Who leads.
    #[must_use]
    pub fn leader(&self) -> Option<&Participant> {
        self.participants
            .iter()
            .find(|participant| participant.is_leader)
    }
}

/// A party as it is found by those nearby.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NearbyParty {
    /// The party's code.
    pub party_code: PartyCode,
    /// How far away it was created, in kilometres.
    pub distance_km: f64,
    /// How many participants it has.
    pub participant_count: u32,
    /// What its leader is called.
    pub leader_name: String,
    /// The region that it was created in.
    pub region: RegionCode,
    /// Where it was created, rounded to about a kilometre: degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lng: f64,
}

/// What the page `/party` is rendered from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartiesState {
    /// What every page is rendered from.
    pub page: PageState,
    /// The region that serves the page.
    pub here: crate::Manager,
    /// The live regions, ordered by code, each with an address to go to.
    pub managers: Vec<crate::Manager>,
    /// The party that the visitor is in.
    pub own: Option<PartyJoined>,
    /// What the visitor is called, from their party or from the page they come from; may be empty.
    pub name: String,
    /// A code that the visitor came with; may be empty.
    pub code: String,
    /// Whether a party of theirs would be found by those nearby: what they chose last.
    pub listed: bool,
    /// Parties near the serving region.
    pub nearby: Vec<NearbyParty>,
    /// Whether Redis was in reach: without it, who is in which party is not known now.
    pub is_known: bool,
    /// Whether the visitor stays here: they were sent, chose this region, or a form of theirs failed.
    pub stays: bool,
    /// What went wrong with the form that was sent.
    pub problem: Option<crate::Problem>,
}

/// What the page `/party/{code}` is rendered from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartyState {
    /// What every page is rendered from.
    pub page: PageState,
    /// The region that serves the page.
    pub here: crate::Manager,
    /// The live regions, ordered by code, each with an address to go to.
    pub managers: Vec<crate::Manager>,
    /// The code that was asked for.
    pub party_code: PartyCode,
    /// The party; nothing where it has ended, never was, or is not known.
    pub party: Option<Party>,
    /// Whether Redis was in reach: without it, nobody knows whether the party is.
    pub is_known: bool,
    /// The visitor's id in it, if they are in.
    pub you: Option<u32>,
    /// What the visitor is called, to begin with; may be empty.
    pub name: String,
    /// The address to share.
    pub link: String,
    /// What went wrong with the form that was sent.
    pub problem: Option<crate::Problem>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_nine_digits() {
        assert_eq!(
            PartyCode::parse("457495738").unwrap().to_string(),
            "457495738"
        );
        assert_eq!(
            PartyCode::parse_typed(" 457-495 738\n"),
            PartyCode::parse("457495738")
        );
        for text in [
            "",
            "45749573",
            "4574957380",
            "057495738",
            "45749573x",
            "+57495738",
            "４57495738",
        ] {
            assert_eq!(PartyCode::parse(text), Err(PartyCodeError), "{text}");
        }
        assert_eq!(
            PartyCode::parse_typed(&"1".repeat(1_000_000)),
            Err(PartyCodeError)
        );
        assert_eq!(PartyCode::of_number(CODE_MIN - 1), None);
        assert_eq!(
            PartyCode::of_number(CODE_MAX).unwrap().to_string(),
            "999999999"
        );
    }

    #[test]
    fn names_are_one_short_line_that_shows() {
        for text in [
            "Wren",
            "  Ann-Marie O’Neill ",
            "李小龍",
            "🐦‍⬛",
            "علي",
            &"x".repeat(32),
        ] {
            assert_eq!(ParticipantName::parse(text).unwrap().as_str(), text.trim());
        }
        for text in [
            "",
            "  ",
            "a\nb",
            "a\u{202e}b",
            "\u{200b}",
            "a\u{0}",
            &"x".repeat(33),
        ] {
            assert_eq!(
                ParticipantName::parse(text),
                Err(ParticipantNameError),
                "{text:?}"
            );
        }
    }

    #[test]
    fn optional_fields_may_be_missing() {
        let party: NewParty = serde_json::from_str(r#"{"device_id":"12345678"}"#).unwrap();

        assert_eq!(
            (party.participant_name, party.lat, party.listed),
            (None, None, None)
        );
    }
}
