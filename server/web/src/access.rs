//! Whether a request is one of our own pages'.

use crate::error::HttpError;
use crate::state::AppState;
use axum::extract::FromRequestParts;
use axum::http::HeaderName;
use axum::http::header::{HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::uri::Authority;

/// How a request's page and its target are related; scripts cannot set it.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Where a request came from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Caller {
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
