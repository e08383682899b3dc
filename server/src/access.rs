//! Who asks: the address behind trusted proxies, and whether the request is one of our own pages'.

use crate::error::HttpError;
use crate::state::AppState;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::{FORWARDED, GetAll, HOST, HeaderValue, ORIGIN};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// How a request's page and its target are related; scripts cannot set it.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

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
        // Browsers say it themselves, whatever a proxy made of the host (Fetch Metadata Request Headers, section 2.3).
        let says_same = parts
            .headers
            .get(SEC_FETCH_SITE)
            .is_some_and(|site| site == "same-origin");
        let is_one = origin == "null" || WebOrigin::read(origin).is_some();
        if (says_same && is_one) || is_own(origin, host(parts), &state.config.public_url) {
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

/// Whether that origin is this server, by its configured name or by the one that it was asked for.
///
/// Behind a proxy the server does not see whether the visitor uses TLS; `PUBLIC_URL` says it. Where it is `https:`, an
/// `http:` page of the same host may be anybody's on the way. Where it is `http:`, an `https:` page is at least as much ours.
fn is_own(origin: &str, host: Option<&str>, public_url: &str) -> bool {
    let Some(origin) = WebOrigin::read(origin) else {
        return false;
    };
    let public = WebOrigin::read(public_url);
    let may_be_plain = public.as_ref().is_none_or(|public| !public.is_secure);
    let asked = host.and_then(|host| WebOrigin::of(origin.is_secure, host));
    let is_asked = (origin.is_secure || may_be_plain) && asked.as_ref() == Some(&origin);
    is_asked || public.as_ref() == Some(&origin)
}

/// An origin of the web (RFC 6454): a scheme, a host and a port, and nothing else.
#[derive(PartialEq, Eq)]
struct WebOrigin {
    is_secure: bool,
    host: String,
    port: u16,
}

impl WebOrigin {
    fn read(text: &str) -> Option<Self> {
        let (scheme, authority) = text.split_once("://")?;
        let is_secure = scheme.eq_ignore_ascii_case("https");
        let is_web = is_secure || scheme.eq_ignore_ascii_case("http");
        is_web.then(|| Self::of(is_secure, authority)).flatten()
    }

    /// The origin of that scheme at a host, with its port unless it is the scheme's own.
    fn of(is_secure: bool, authority: &str) -> Option<Self> {
        let usual = if is_secure { 443 } else { 80 };
        // Neither a user nor an empty port is part of an origin.
        let is_bare = !authority.contains('@') && !authority.ends_with(':');
        let authority: Authority = authority.parse().ok().filter(|_| is_bare)?;
        let port = match authority.port() {
            Some(port) => port.as_str().parse().ok()?,
            None => usual,
        };
        Some(Self {
            is_secure,
            host: authority.host().to_ascii_lowercase(),
            port,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn only_the_own_origin_is_own() {
        let public = "https://murmuration.example";
        let own = |origin| is_own(origin, Some("example.com:8080"), public);

        for origin in [
            "https://example.com:8080",
            "HTTPS://Example.com:8080",
            "https://murmuration.example",
            "https://murmuration.example:443",
        ] {
            assert!(own(origin), "{origin}");
        }
        for origin in [
            "http://example.com:8080",
            "http://murmuration.example",
            "http://murmuration.example:443",
            "https://example.com",
            "https://example.com:8080/",
            "https://murmuration.example/",
            "https://murmuration.example/path",
            "https://murmuration.example?query",
            "https://x@murmuration.example",
            "https://evil.example",
            "https://murmuration.example.evil.example",
            "https://murmuration.example:",
            "https://",
            "null",
            "",
        ] {
            assert!(!own(origin), "{origin}");
        }
        assert!(!is_own("https://example.com", None, public));
    }

    #[test]
    fn the_host_that_was_asked_counts_with_the_usual_port_of_the_page() {
        let plain = "http://127.0.0.1:3000";
        let own = |origin, host| is_own(origin, Some(host), plain);

        assert!(own("http://example.com", "example.com:80"));
        assert!(own("http://example.com:80", "example.com"));
        assert!(own("https://example.com", "example.com"), "TLS ends before");
        assert!(own("https://example.com", "example.com:443"));
        assert!(!own("https://example.com", "example.com:80"));
        assert!(own("http://127.0.0.1:3000", "localhost:3000"));
    }
}
