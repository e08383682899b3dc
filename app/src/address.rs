//! Addresses of pages, here and at other regions' servers.

use crate::format::exact;
use protocol::{Coordinates, PartyCode};

/// The page of all parties, `/party`: of the server at `origin`, or of this one where that is empty.
///
/// Whoever goes there was sent or chose it: that page sends nobody on.
pub(crate) fn parties(origin: &str, name: &str, code: &str) -> String {
    let mut address = format!("{origin}/party?sent=1");
    add(&mut address, "&name=", name);
    add(&mut address, "&code=", code);
    address
}

/// A party's page: of the server at `origin`, or of this one where that is empty.
pub(crate) fn party(origin: &str, code: PartyCode, name: &str) -> String {
    let mut address = format!("{origin}/party/{code}");
    add(&mut address, "?name=", name);
    address
}

/// The visitor's place as a part of an address that no server sees.
pub(crate) fn place(place: Option<Coordinates>) -> String {
    place.map_or_else(String::new, |place| {
        format!("#at={},{}", exact(place.lat()), exact(place.lng()))
    })
}

/// Reads that part again.
pub(crate) fn read_place(hash: &str) -> Option<Coordinates> {
    let (lat, lng) = hash.strip_prefix("#at=")?.split_once(',')?;
    Coordinates::new(lat.parse().ok()?, lng.parse().ok()?).ok()
}

/// Adds a field, unless it is empty.
fn add(address: &mut String, field: &str, value: &str) {
    if !value.trim().is_empty() {
        address.push_str(field);
        encode(value.trim(), address);
    }
}

/// Percent-encodes all but unreserved characters (RFC 3986, section 2.3).
pub(crate) fn encode(text: &str, into: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            into.push(char::from(byte));
        } else {
            into.push('%');
            for half in [byte >> 4, byte & 15] {
                into.push(char::from(b"0123456789ABCDEF"[usize::from(half)]));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_cannot_break_out_of_its_field() {
        assert_eq!(
            parties("https://fra.example", "Ann & Bö#1 ", "457-495"),
            "https://fra.example/party?sent=1&name=Ann%20%26%20B%C3%B6%231&code=457-495"
        );
        assert_eq!(parties("", "", " "), "/party?sent=1");
    }

    #[test]
    fn a_place_goes_along_unseen_by_servers() {
        let sydney = Coordinates::new(-33.95, 151.18).ok();

        assert_eq!(place(sydney), "#at=-33.95,151.18");
        assert_eq!(read_place("#at=-33.95,151.18"), sydney);
        assert_eq!(place(None), "");
        for hash in ["", "#parties-forms", "#at=1", "#at=91,0", "#at=x,y"] {
            assert_eq!(read_place(hash), None, "{hash}");
        }
    }

    #[test]
    fn a_party_is_reached_by_its_code() {
        let code = PartyCode::parse("457495738").unwrap();

        assert_eq!(party("", code, ""), "/party/457495738");
        assert_eq!(
            party("http://x:1", code, "李"),
            "http://x:1/party/457495738?name=%E6%9D%8E"
        );
    }
}
