//! The visitor's cookie: a signed device id that scripts cannot read.
//!
//! The device id is a secret and stays in the cookie. Everything else knows the person by a keyed hash of it.

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::SignedCookieJar;
use axum_extra::extract::cookie::{Cookie, Key, SameSite};
use edge::{IdentityKey, PersonId};
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
/// Removes this host's own cookie.
const EXPIRED: HeaderValue =
    HeaderValue::from_static("person=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0");

/// Where a browser sends the cookie.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CookieScope {
    /// Whether only over TLS.
    pub(crate) secure: bool,
    /// The domain whose hosts all receive it, so that a person is the same in every region; `None`: this host only.
    pub(crate) domain: Option<String>,
}

/// The keys derived from the secret that all instances share.
#[derive(Clone)]
pub(crate) struct Keys {
    /// Signs cookies.
    pub(crate) cookie: Key,
    /// Turns devices into persons.
    pub(crate) identity: IdentityKey,
}

impl Keys {
    /// The keys of a secret of at least 32 bytes.
    pub(crate) fn of(secret: &str) -> Self {
        Self {
            cookie: Key::derive_from(secret.as_bytes()),
            identity: IdentityKey::new(secret.as_bytes()),
        }
    }
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

/// The devices of a request's cookies that we signed.
fn devices(headers: &HeaderMap, keys: &Keys) -> Vec<(Origin, DeviceId)> {
    let texts = headers.get_all(COOKIE).iter();
    let texts = texts.filter_map(|text| text.to_str().ok());
    let device = |text: &str| {
        // Each by itself: a jar keeps only one of a name.
        let alone = HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(text).ok()?)]);
        let cookie = SignedCookieJar::from_headers(&alone, keys.cookie.clone()).get(NAME)?;
        let value = cookie.value();
        let (origin, id) = match (value.strip_prefix(MOVED), value.strip_prefix(DOMAIN)) {
            (Some(id), _) => (Origin::Moved, id),
            (_, Some(id)) => (Origin::Domain, id),
            _ => (Origin::Host, value),
        };
        Some((origin, DeviceId::parse(id).ok()?))
    };
    let mut devices: Vec<_> = texts
        .flat_map(|text| text.split(';'))
        .filter_map(device)
        .collect();
    devices.sort_by_key(|(origin, _)| *origin);
    devices
}

/// The person of a request, if a cookie of it is one that we signed.
pub(crate) fn read(headers: &HeaderMap, keys: &Keys) -> Option<PersonId> {
    let devices = devices(headers, keys);
    let (_, device) = devices.first()?;
    Some(keys.identity.person(device))
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

/// The headers that a page sets: a cookie for a visitor who has none, and the domain's in place of a host's.
pub(crate) fn keep(headers: &HeaderMap, keys: &Keys, scope: &CookieScope) -> HeaderMap {
    let devices = devices(headers, keys);
    let is_of_host = |(origin, _): &(Origin, DeviceId)| *origin == Origin::Host;
    let (before, value) = match (devices.first(), &scope.domain) {
        (None, domain) => {
            let mark = domain.as_ref().map_or("", |_| DOMAIN);
            (None, format!("{mark}{:032x}", rand::random::<u128>()))
        }
        // Removed first: where the domain is the host's own name, some take both cookies for one.
        (Some((_, device)), Some(_)) if devices.iter().any(is_of_host) => {
            (Some(EXPIRED), format!("{MOVED}{}", device.expose()))
        }
        _ => return HeaderMap::new(),
    };
    let all = before.into_iter().chain(set(value, keys, scope));
    all.map(|value| (SET_COOKIE, value)).collect()
}

/// The header that sets a cookie with that value.
fn set(value: String, keys: &Keys, scope: &CookieScope) -> Option<HeaderValue> {
    let mut cookie = Cookie::build((NAME, value))
        .path("/")
        .http_only(true)
        .secure(scope.secure)
        .same_site(SameSite::Lax)
        .max_age(LIFETIME.try_into().unwrap_or_default());
    if let Some(domain) = &scope.domain {
        cookie = cookie.domain(domain.clone());
    }
    let jar = SignedCookieJar::new(keys.cookie.clone()).add(cookie);
    let response: Response = (jar, ()).into_response();
    response.headers().get(SET_COOKIE).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(secret: &str) -> Keys {
        Keys::of(&secret.repeat(32))
    }

    fn of_domain() -> CookieScope {
        CookieScope {
            secure: true,
            domain: Some("murmuration.example".into()),
        }
    }

    /// A request with these cookies.
    fn request(cookies: &[&str]) -> HeaderMap {
        let text = HeaderValue::try_from(cookies.join("; ")).unwrap();
        HeaderMap::from_iter([(COOKIE, text)])
    }

    /// The `Set-Cookie` headers that a request with these cookies gets.
    fn answer(cookies: &[&str], scope: &CookieScope) -> Vec<String> {
        let set = keep(&request(cookies), &keys("a"), scope);
        let values = set.get_all(SET_COOKIE).iter();
        values
            .map(|value| value.to_str().unwrap().to_owned())
            .collect()
    }

    /// The cookie of a new visitor.
    fn new(scope: &CookieScope) -> String {
        sent(&answer(&[], scope)[0]).to_owned()
    }

    /// The part of a `Set-Cookie` that a browser sends back.
    fn sent(set: &str) -> &str {
        set.split(';').next().unwrap()
    }

    fn person(cookies: &[&str]) -> Option<PersonId> {
        read(&request(cookies), &keys("a"))
    }

    #[test]
    fn a_cookie_that_we_set_names_its_person() {
        let set = answer(&[], &of_domain());

        assert!(person(&[sent(&set[0])]).is_some());
        for attribute in [
            "HttpOnly",
            "Secure",
            "SameSite=Lax",
            "Path=/",
            "Max-Age=",
            "Domain=murmuration.example",
        ] {
            assert!(set[0].contains(attribute), "{set:?}");
        }
        assert!(answer(&[sent(&set[0])], &of_domain()).is_empty());
        let of_host = new(&CookieScope::default());
        assert!(answer(&[&of_host], &CookieScope::default()).is_empty());
    }

    #[test]
    fn a_person_is_not_the_devices_id() {
        let cookie = new(&CookieScope::default());

        let id = format!(
            "{:032x}",
            u128::from_be_bytes(person(&[&cookie]).unwrap().0)
        );
        assert!(!cookie.contains(&id));
    }

    #[test]
    fn forged_and_foreign_cookies_are_nobody() {
        let own = new(&CookieScope::default());

        assert_eq!(read(&request(&[&own]), &keys("b")), None);
        let forged = [
            "person=00000000000000000000000000000001",
            "person=",
            "person",
        ];
        for forged in forged {
            assert_eq!(person(&[forged]), None);
            assert_eq!(person(&[forged, &own]), person(&[&own]));
            assert_eq!(person(&[&own, forged]), person(&[&own]));
            assert_eq!(answer(&[forged], &of_domain()).len(), 1);
        }
        let marked = own.replacen("person=", "person=moved-", 1);
        assert_eq!(person(&[&marked]), None);
        assert_eq!(read(&HeaderMap::new(), &keys("a")), None);
    }

    #[test]
    fn who_a_host_knew_stays_the_same_once_there_is_a_domain() {
        let (old, domain) = (new(&CookieScope::default()), new(&of_domain()));

        for cookies in [&[&*old][..], &[&old, &domain], &[&domain, &old]] {
            assert_eq!(person(cookies), person(&[&old]));
            let set = answer(cookies, &of_domain());
            let [removed, moved] = &set[..] else {
                panic!("{set:?}");
            };
            assert!(removed.starts_with("person=;") && removed.contains("Max-Age=0"));
            assert!(!removed.contains("Domain") && moved.contains("Domain"));
            assert_eq!(person(&[sent(moved)]), person(&[&old]));
            assert!(answer(&[sent(moved)], &of_domain()).is_empty());
        }
    }

    #[test]
    fn the_first_host_that_moved_its_cookie_counts_on_all() {
        let (old, other) = (new(&CookieScope::default()), new(&CookieScope::default()));
        let set = answer(&[&old], &of_domain());
        let moved = sent(&set[1]);

        for cookies in [[moved, &other], [&other, moved]] {
            assert_eq!(person(&cookies), person(&[&old]));
            let set = answer(&cookies, &of_domain());
            assert!(set[0].contains("Max-Age=0"), "{set:?}");
            assert_eq!(sent(&set[1]), moved);
        }
        // Without the domain again, those who were moved are known.
        assert!(answer(&[moved], &CookieScope::default()).is_empty());
    }
}
