//! Reads, sets and removes the cookie.

use super::Keys;
use super::signature::{open, seal};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum_extra::extract::cookie::{Cookie, SameSite};
use edge::PersonId;
use protocol::{DeviceId, SessionId};
use std::time::Duration;

/// The cookie's name.
const NAME: &str = "person";
/// Its lifetime: the longest that browsers allow (RFC 6265bis, section 5.5).
const LIFETIME: Duration = Duration::from_secs(400 * 24 * 3600);
/// Begins the value of a cookie that was moved.
const MOVED: &str = "moved-";
/// Begins the value of the domain's other cookies.
const DOMAIN: &str = "domain-";

/// Where a browser sends the cookie.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CookieScope {
    /// Whether only over TLS.
    pub secure: bool,
    /// The domain whose hosts all receive it, so that a person is the same in every region; `None`: this host only.
    pub domain: Option<String>,
}

/// Where a cookie is from. Of several, the one that comes first here counts, wherever it is in the header.
///
/// Of two of one origin it is the first in the header: browsers send older ones first (RFC 6265, section 5.4).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    /// A host's, moved to the domain: the person is the same in all regions, and stays so where another host has its own.
    Moved,
    /// A host's. Once there is a domain, no host sets any, so it is older than the domain's.
    Host,
    /// The domain's, of a visitor who had none.
    Domain,
}

impl Origin {
    /// Begins the value of such a cookie.
    fn mark(self) -> &'static str {
        match self {
            Self::Moved => MOVED,
            Self::Host => "",
            Self::Domain => DOMAIN,
        }
    }
}

/// A cookie of a request that we signed.
struct Known {
    origin: Origin,
    device: DeviceId,
    person: PersonId,
    /// Whether the present key has signed it.
    is_present: bool,
}

/// The cookies of a request that we signed, whose persons were not forgotten.
fn known(headers: &HeaderMap, keys: &Keys) -> Vec<Known> {
    let texts = headers.get_all(COOKIE).iter();
    let texts = texts.filter_map(|text| text.to_str().ok());
    let cookies = texts.flat_map(|text| Cookie::split_parse_encoded(text).flatten());
    let read = |cookie: Cookie<'_>| {
        let (value, is_present) = open(cookie.value(), &keys.signing)?;
        let (origin, id) = match (value.strip_prefix(MOVED), value.strip_prefix(DOMAIN)) {
            (Some(id), _) => (Origin::Moved, id),
            (_, Some(id)) => (Origin::Domain, id),
            _ => (Origin::Host, value),
        };
        let device = DeviceId::parse(id).ok()?;
        Some(Known {
            origin,
            person: keys.person(&device)?,
            device,
            is_present,
        })
    };
    let own = cookies.filter(|cookie| cookie.name() == NAME);
    let mut known: Vec<_> = own.filter_map(read).collect();
    known.sort_by_key(|known| known.origin);
    known
}

/// The person of a request, if a cookie of it is one that we signed.
pub(crate) fn read(headers: &HeaderMap, keys: &Keys) -> Option<PersonId> {
    known(headers, keys).first().map(|known| known.person)
}

/// The person of a session without a cookie: the same for all its connections. Without keys, of this one alone.
pub(crate) fn of_session(session: &SessionId, keys: Option<&Keys>) -> PersonId {
    // Every session id fits, and whoever knows one acts for its session anyway.
    let device = DeviceId::parse(session.as_str()).ok();
    let person = keys
        .zip(device)
        .map(|(keys, device)| keys.identity.person(&device));
    person.unwrap_or_else(|| PersonId(rand::random()))
}

/// The headers that a page sets: a cookie for a visitor who has none, the domain's in place of a host's, and one that the
/// present key has signed in place of one that it has not.
pub(crate) fn keep(headers: &HeaderMap, keys: &Keys, scope: &CookieScope) -> HeaderMap {
    let known = known(headers, keys);
    let is_of_host = |known: &Known| known.origin == Origin::Host;
    let (before, value) = match (known.first(), &scope.domain) {
        (None, domain) => {
            let mark = domain.as_ref().map_or("", |_| DOMAIN);
            (None, format!("{mark}{:032x}", rand::random::<u128>()))
        }
        // Removed first: where the domain is the host's own name, some take both cookies for one.
        (Some(first), Some(_)) if known.iter().any(is_of_host) => {
            let expired = expire(NAME, &CookieScope::default()).next();
            (expired, format!("{MOVED}{}", first.device.expose()))
        }
        (Some(first), _) if !first.is_present => {
            let mark = first.origin.mark();
            (None, format!("{mark}{}", first.device.expose()))
        }
        _ => return HeaderMap::new(),
    };
    let sealed = seal(value, &keys.signing);
    let all = before.into_iter().chain(set(NAME, sealed, scope));
    all.map(|value| (SET_COOKIE, value)).collect()
}

/// The headers that remove the cookie, of this host and of the domain.
pub(crate) fn remove(scope: &CookieScope) -> HeaderMap {
    let all = expire(NAME, scope);
    all.map(|value| (SET_COOKIE, value)).collect()
}

/// The values that remove a cookie of that name: this host's, then the domain's.
pub(super) fn expire(name: &str, scope: &CookieScope) -> impl Iterator<Item = HeaderValue> {
    let of_host = format!("{name}=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0");
    let domain = scope.domain.as_ref();
    let of_domain = domain.map(|domain| format!("{of_host}; Domain={domain}"));
    let all = [Some(of_host), of_domain].into_iter().flatten();
    all.filter_map(|value| value.try_into().ok())
}

/// The value that sets a cookie of that name.
pub(super) fn set(name: &str, sealed: String, scope: &CookieScope) -> Option<HeaderValue> {
    let mut cookie = Cookie::build((name, sealed))
        .path("/")
        .http_only(true)
        .secure(scope.secure)
        .same_site(SameSite::Lax)
        .max_age(LIFETIME.try_into().unwrap_or_default());
    if let Some(domain) = &scope.domain {
        cookie = cookie.domain(domain.clone());
    }
    cookie.build().encoded().to_string().try_into().ok()
}
