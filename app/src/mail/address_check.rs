//! Checks an address as it is typed.

use protocol::{MailAddress, MailPlace, RegionCode};

/// The result of checking what is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AddressCheck {
    /// It may become an address.
    Open,
    /// It is not an address, and cannot become one.
    Malformed,
    /// Servers send from it, and read no letters.
    Reserved,
    /// An address of this place.
    Known(MailPlace),
    /// Its place is unknown; these are similar.
    Unknown(RegionCode, Vec<RegionCode>),
}

impl AddressCheck {
    /// Checks what is typed.
    pub(crate) fn of(typed: &str, places: &[MailPlace]) -> Self {
        let typed = typed.trim().to_ascii_lowercase();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        match MailAddress::parse_typed(&typed) {
            Ok(address) if address.is_postmaster() => Self::Reserved,
            Ok(address) => Self::of_place(address.place(), places),
            // A place without a name yet, or the start of one.
            Err(_)
                if typed.bytes().all(plain)
                    && !typed.starts_with('-')
                    && typed.len() <= OPEN_MAX =>
            {
                match typed.strip_suffix('-').map(RegionCode::parse) {
                    Some(Ok(place)) => Self::of_place(&place, places),
                    _ => Self::Open,
                }
            }
            Err(_) => Self::Malformed,
        }
    }

    fn of_place(place: &RegionCode, places: &[MailPlace]) -> Self {
        match place_of(place, places) {
            Some(known) => Self::Known(known.clone()),
            None => Self::Unknown(place.clone(), alike(place, places)),
        }
    }

    /// The same in words.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Open => String::new(),
            Self::Malformed => "That address isn’t valid. Example: ord-wren".into(),
            Self::Reserved => "This address is reserved for servers.".into(),
            Self::Known(place) if place.is_elsewhere => {
                format!("{}, in the cluster {}", place.code, place.name)
            }
            Self::Known(place) => place.name.clone(),
            Self::Unknown(place, alike) => match alike.as_slice() {
                [] => format!("Unknown region “{place}”"),
                [one] => format!("No region “{place}”. Did you mean {one}?"),
                [first @ .., last] => {
                    let first: Vec<_> = first.iter().map(RegionCode::as_str).collect();
                    format!(
                        "No region “{place}”. Did you mean {} or {last}?",
                        first.join(", ")
                    )
                }
            },
        }
    }

    /// Whether no letter can be sent to it.
    pub(crate) fn is_wrong(&self) -> bool {
        matches!(self, Self::Malformed | Self::Reserved | Self::Unknown(..))
    }

    /// Its name, for styles and tests.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Malformed => "malformed",
            Self::Reserved => "reserved",
            Self::Known(_) => "known",
            Self::Unknown(..) => "unknown",
        }
    }
}

/// Longer texts without a name cannot become an address.
const OPEN_MAX: usize = 24;
/// At most this many suggestions.
const ALIKE_MAX: usize = 3;
/// Letters that must match before a city is suggested.
const CITY_LETTERS_MIN: usize = 3;

/// The place with that code, if it is known.
pub(crate) fn place_of<'a>(code: &RegionCode, places: &'a [MailPlace]) -> Option<&'a MailPlace> {
    places.iter().find(|place| place.code == *code)
}

/// Regions that are one typo away, or whose city starts like this.
fn alike(place: &RegionCode, places: &[MailPlace]) -> Vec<RegionCode> {
    let typed = place.as_str();
    let is_alike = |known: &&MailPlace| {
        known.of.is_none()
            && (is_one_slip(typed, known.code.as_str())
                || (typed.len() >= CITY_LETTERS_MIN && begins(&known.name, typed)))
    };
    let alike = places.iter().filter(is_alike).take(ALIKE_MAX);
    alike.map(|known| known.code.clone()).collect()
}

fn begins(name: &str, typed: &str) -> bool {
    let letters = |text: &str| {
        text.chars()
            .filter(|one| one.is_alphanumeric())
            .collect::<String>()
            .to_lowercase()
    };
    letters(name).starts_with(&letters(typed))
}

/// Whether one character is wrong, missing or added, or two neighbours are swapped.
fn is_one_slip(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let head = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[head..], &other[head..]);
    match (one, other) {
        ([a, b, one @ ..], [c, d, other @ ..]) if a == d && b == c && one == other => true,
        ([_, one @ ..], [_, other @ ..]) if one == other => true,
        ([_, one @ ..], other) | (other, [_, one @ ..]) if one == other => true,
        (one, [_, other @ ..]) => one == other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(code: &str, of: Option<&str>, name: &str, is_elsewhere: bool) -> MailPlace {
        MailPlace {
            code: RegionCode::parse(code).unwrap(),
            of: of.map(|of| RegionCode::parse(of).unwrap()),
            name: name.into(),
            is_elsewhere,
        }
    }

    fn check(typed: &str) -> AddressCheck {
        let places = [
            place("ord", None, "Chicago", false),
            place("1", Some("ord"), "Chicago", false),
            place("gru", None, "São Paulo", false),
            place("moon", None, "starlings", true),
            place("ap-southeast-2", Some("syd"), "Sydney", false),
        ];
        AddressCheck::of(typed, &places)
    }

    #[test]
    fn a_known_place_is_told_by_its_city_or_cluster() {
        for typed in [
            "ord-wren",
            "ord-echo",
            " ORD-Wren ",
            "1-user",
            "ord-",
            "ORD-",
        ] {
            assert_eq!(check(typed).words(), "Chicago", "{typed}");
        }
        assert_eq!(check("ap-southeast-2-").words(), "Sydney");
        assert!(check("moon-pia").words().contains("starlings"));
        assert!(!check("moon-pia").is_wrong());
    }

    #[test]
    fn a_slip_is_told_with_what_was_meant() {
        for typed in [
            "odr-wren",
            "or-wren",
            "oord-wren",
            "orx-wren",
            "chicago-wren",
            "ordx-",
        ] {
            let words = check(typed).words();
            assert!(words.ends_with("Did you mean ord?"), "{typed}: {words}");
            assert!(check(typed).is_wrong());
        }
        assert_eq!(check("4-user").words(), "Unknown region “4”");
    }

    #[test]
    fn what_may_become_an_address_is_no_mistake() {
        for typed in ["", "o", "ord", "ap"] {
            assert_eq!(check(typed), AddressCheck::Open, "{typed}");
        }
        for typed in ["ord wren", "-wren", "ord-wrén", "ord@wren", "<b>"] {
            assert_eq!(check(typed), AddressCheck::Malformed, "{typed}");
        }
        assert_eq!(check("ord-postmaster"), AddressCheck::Reserved);
    }

    #[test]
    fn slips_are_one_and_not_two() {
        assert!(
            is_one_slip("ord", "ord_") && is_one_slip("rd", "ord") && is_one_slip("odr", "ord")
        );
        assert!(!is_one_slip("dro", "ord") && !is_one_slip("o", "ord") && !is_one_slip("4", "ord"));
    }
}
