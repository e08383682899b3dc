//! Who asks: the address behind trusted proxies, and whether the request is one of our own pages'.

use crate::error::HttpError;
use crate::state::AppState;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::{HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
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

/// Walks `X-Forwarded-For` from its end, where the nearest proxy wrote, past all that are trusted.
fn forwarded(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let trusted = |address: IpAddr| {
        proxies
            .iter()
            .any(|network| network.contains(&address.to_canonical()))
    };
    let mut address = peer.to_canonical();
    let lines: Vec<_> = headers.get_all("x-forwarded-for").iter().collect();
    let hops = lines
        .iter()
        .rev()
        .flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    for hop in hops {
        if !trusted(address) {
            break;
        }
        let read = std::str::from_utf8(hop).map(|hop| hop.trim().parse::<IpAddr>());
        match read {
            Ok(Ok(hop)) => address = hop.to_canonical(),
            // Nothing before an unreadable hop can be believed.
            _ => break,
        }
    }
    address
}

/// Where a request came from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Caller {
    /// One of our own pages: its cookie counts.
    Page,
    /// A program that sends no `Origin`: it may do what anyone may, and changes nothing with a cookie's rights.
    Program,
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = HttpError;

    /// Refuses pages of other sites.
    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, HttpError> {
        let Some(origin) = parts.headers.get(ORIGIN) else {
            return Ok(Self::Program);
        };
        let origin = origin.to_str().map_err(|_| HttpError::other_origin())?;
        if is_own(origin, host(parts), &state.config.public_url) {
            Ok(Self::Page)
        } else {
            Err(HttpError::other_origin())
        }
    }
}

/// The host the request is for: HTTP/1.1 says it in a header, HTTP/2 in the target.
fn host(parts: &Parts) -> Option<&str> {
    let authority = parts.uri.authority().map(|authority| authority.as_str());
    authority.or_else(|| parts.headers.get(HOST).and_then(|host| host.to_str().ok()))
}

/// Whether that origin is this server, by the name it was asked for or by its configured one.
fn is_own(origin: &str, host: Option<&str>, public_url: &str) -> bool {
    if origin.eq_ignore_ascii_case(public_url) {
        return true;
    }
    let Ok(uri) = origin.parse::<Uri>() else {
        return false;
    };
    let web = matches!(uri.scheme_str(), Some("http" | "https"));
    let same = uri
        .authority()
        .zip(host)
        .is_some_and(|(origin, host)| origin.as_str().eq_ignore_ascii_case(host));
    web && same
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn behind(peer: &str, header: &'static str, proxies: &[&str]) -> IpAddr {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static(header));
        let proxies: Vec<_> = proxies.iter().map(|text| text.parse().unwrap()).collect();
        forwarded(ip(peer), &headers, &proxies)
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

    #[test]
    fn only_the_own_origin_is_own() {
        let own = |origin| {
            is_own(
                origin,
                Some("example.com:8080"),
                "https://murmuration.example",
            )
        };

        assert!(own("http://example.com:8080"));
        assert!(own("https://murmuration.example"));
        assert!(!own("http://example.com"));
        assert!(!own("https://evil.example"));
        assert!(!own("https://murmuration.example.evil.example"));
        assert!(!own("null"));
        assert!(!own(""));
        assert!(!is_own(
            "http://example.com",
            None,
            "https://murmuration.example"
        ));
    }
}
