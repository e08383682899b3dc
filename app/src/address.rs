//! Addresses of pages, here and at other regions' servers.

use live::format::exact;
use protocol::{Coordinates, PartyCode, json};

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

/// The part of an address that no server sees: the visitor's place, and the id of the element that has the focus.
pub(crate) fn arrival(place: Option<Coordinates>, focus: &str) -> String {
    let mut part = place.map_or_else(String::new, |place| {
        format!("#at={},{}", exact(place.lat()), exact(place.lng()))
    });
    if !focus.is_empty() {
        part.push(if part.is_empty() { '#' } else { '&' });
        part.push_str("focus=");
        encode(focus, &mut part);
    }
    part
}

/// Reads that part again.
pub(crate) fn read_arrival(hash: &str) -> (Option<Coordinates>, &str) {
    let field = |name| {
        let mut fields = hash.trim_start_matches('#').split('&');
        fields.find_map(|field| field.strip_prefix(name))
    };
    let place = field("at=").and_then(|place| {
        let (lat, lng) = place.split_once(',')?;
        // Not `str::parse`: its tables of powers alone are 10 KB, which do not compress.
        Coordinates::new(json::read(lat)?, json::read(lng)?).ok()
    });
    (place, field("focus=").unwrap_or_default())
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
    fn place_and_focus_go_along_unseen_by_servers() {
        let sydney = Coordinates::new(-33.95, 151.18).ok();

        for (place, focus, part) in [
            (sydney, "", "#at=-33.95,151.18"),
            (sydney, "join-name", "#at=-33.95,151.18&focus=join-name"),
            (None, "join-name", "#focus=join-name"),
            (None, "", ""),
        ] {
            assert_eq!(arrival(place, focus), part);
            assert_eq!(read_arrival(part), (place, focus));
        }
        for hash in ["#parties-forms", "#at=1", "#at=91,0", "#at=x,y"] {
            assert_eq!(read_arrival(hash), (None, ""), "{hash}");
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
