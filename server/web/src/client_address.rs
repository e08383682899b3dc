//! The address of the visitor, behind trusted proxies.

use crate::error::HttpError;
use crate::state::AppState;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::{FORWARDED, GetAll, HeaderValue};
use axum::http::request::Parts;
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The address of the visitor: the connection's, or the one that a trusted proxy forwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

impl FromRequestParts<AppState> for ClientAddress {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, HttpError> {
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |connection| {
                connection.0.ip()
            });
        Ok(Self(forwarded(peer, &parts.headers, &state.config.proxies)))
    }
}

/// The visitor's address, as the trusted proxies forward it.
///
/// A proxy writes `X-Forwarded-For` or the standard `Forwarded` (RFC 7239), and may pass the other on as a visitor made it
/// up: where both are there and differ, neither is believed.
fn forwarded(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let peer = peer.to_canonical();
    let common = walk(peer, headers.get_all("x-forwarded-for"), proxies, node);
    let standard = walk(peer, headers.get_all(FORWARDED), proxies, |element| {
        let mut pairs = element.split(';').filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
        node(value)
    });
    match (common, standard) {
        (Some(common), Some(standard)) if common != standard => peer,
        (Some(address), _) | (None, Some(address)) => address,
        (None, None) => peer,
    }
}

/// Walks a header's hops from their end, where the nearest proxy wrote, past all that are trusted; `None` without any.
fn walk(
    peer: IpAddr,
    lines: GetAll<'_, HeaderValue>,
    proxies: &[IpNet],
    read: fn(&str) -> Option<IpAddr>,
) -> Option<IpAddr> {
    let trusted = |address| proxies.iter().any(|network| network.contains(&address));
    let lines: Vec<_> = lines.iter().collect();
    let mut hops = lines
        .iter()
        .rev()
        .flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','))
        .peekable();
    hops.peek()?;
    let mut address = peer;
    // Nothing before an unreadable hop can be believed.
    while let Some(hop) = hops.next_if(|_| trusted(address)).map(str::from_utf8)
        && let Some(hop) = hop.ok().and_then(read)
    {
        address = hop.to_canonical();
    }
    Some(address)
}

/// Reads an address as gateways write it: alone, with a port, in brackets or in quotes (RFC 7239, section 6).
fn node(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    let alone = text.parse().ok();
    let with_port = || Some(text.parse::<SocketAddr>().ok()?.ip());
    let in_brackets = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    alone.or_else(with_port).or_else(in_brackets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderName;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn behind(peer: &str, header: &'static str, proxies: &[&str]) -> IpAddr {
        let proxies: Vec<_> = proxies.iter().map(|text| text.parse().unwrap()).collect();
        forwarded(ip(peer), &headers([("x-forwarded-for", header)]), &proxies)
    }

    fn headers<const N: usize>(lines: [(&'static str, &'static str); N]) -> HeaderMap {
        let line = |(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        };
        lines.map(line).into_iter().collect()
    }

    #[test]
    fn addresses_are_read_as_gateways_write_them() {
        for (written, address) in [
            ("198.51.100.7:51234", "198.51.100.7"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("\"[2001:db8::1]:443\"", "2001:db8::1"),
            ("\"198.51.100.7\"", "198.51.100.7"),
            ("::ffff:198.51.100.7", "198.51.100.7"),
        ] {
            assert_eq!(
                behind("10.0.0.1", written, &["10.0.0.0/8"]),
                ip(address),
                "{written}"
            );
        }
    }

    #[test]
    fn the_standard_header_counts_alike_unless_both_are_there_and_differ() {
        let proxies = ["10.0.0.0/8".parse().unwrap()];
        let address = |headers| forwarded(ip("10.0.0.1"), &headers, &proxies);
        let standard = "for=1.1.1.1;proto=http, proto=https;For=\"[2001:db8::1]:443\"";

        assert_eq!(
            address(headers([("forwarded", standard)])),
            ip("2001:db8::1")
        );
        let same = [
            ("forwarded", standard),
            ("x-forwarded-for", "9.9.9.9, 2001:db8::1"),
        ];
        assert_eq!(address(headers(same)), ip("2001:db8::1"));
        let other = [("forwarded", standard), ("x-forwarded-for", "9.9.9.9")];
        assert_eq!(address(headers(other)), ip("10.0.0.1"));
        assert_eq!(
            address(headers([("forwarded", "for=unknown")])),
            ip("10.0.0.1")
        );
    }

    #[test]
    fn forwarded_addresses_count_only_from_trusted_proxies() {
        assert_eq!(
            behind("203.0.113.9", "198.51.100.1", &[]),
            ip("203.0.113.9")
        );
        assert_eq!(
            behind("10.0.0.1", "198.51.100.1", &["10.0.0.0/8"]),
            ip("198.51.100.1")
        );
    }

    #[test]
    fn what_the_visitor_wrote_itself_is_not_believed() {
        let spoofed = "1.1.1.1, 198.51.100.1, 10.0.0.2";

        assert_eq!(
            behind("10.0.0.1", spoofed, &["10.0.0.0/8"]),
            ip("198.51.100.1")
        );
        assert_eq!(
            behind("10.0.0.1", "1.1.1.1, junk", &["10.0.0.0/8"]),
            ip("10.0.0.1")
        );
    }

    #[test]
    fn lines_before_an_unreadable_one_are_not_believed() {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", HeaderValue::from_static("1.1.1.1"));
        let unreadable = HeaderValue::from_bytes(b"\xff, 198.51.100.1").unwrap();
        headers.append("x-forwarded-for", unreadable);
        let proxies = ["10.0.0.0/8", "198.51.100.1/32"].map(|text| text.parse().unwrap());

        let address = forwarded(ip("10.0.0.1"), &headers, &proxies);

        assert_eq!(address, ip("198.51.100.1"));
    }
}
