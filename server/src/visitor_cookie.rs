//! The visitor's cookie: a signed device id that scripts cannot read.
//!
//! The device id is a secret and stays in the cookie. Everything else knows the person by a keyed hash of it.

use crate::error::HttpError;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::SignedCookieJar;
use axum_extra::extract::cookie::{Cookie, Key, SameSite};
use edge::{IdentityKey, PersonId};
use protocol::DeviceId;
use std::time::Duration;

/// The cookie's name.
const NAME: &str = "person";
/// Its lifetime: the longest that browsers allow (RFC 6265bis, section 5.5).
const LIFETIME: Duration = Duration::from_secs(400 * 24 * 3600);

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

/// The person of a request, if its cookie is one that we signed.
pub(crate) fn read(headers: &HeaderMap, keys: &Keys) -> Option<PersonId> {
    let jar = SignedCookieJar::from_headers(headers, keys.cookie.clone());
    let cookie = jar.get(NAME)?;
    let device = DeviceId::parse(cookie.value()).ok()?;
    Some(keys.identity.person(&device))
}

/// A new person without a device, who will not be seen again.
pub(crate) fn fresh() -> PersonId {
    PersonId(rand::random())
}

/// A person with a new device, and the header that sets its cookie.
pub(crate) fn introduce(
    keys: &Keys,
    scope: &CookieScope,
) -> Result<(PersonId, HeaderMap), HttpError> {
    let id = format!("{:032x}", rand::random::<u128>());
    let device = DeviceId::parse(&id).map_err(|error| HttpError::logged(&error))?;
    let mut cookie = Cookie::build((NAME, id))
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
    let values = response.headers().get_all(SET_COOKIE).iter();
    let headers = values.map(|value| (SET_COOKIE, value.clone())).collect();
    Ok((keys.identity.person(&device), headers))
}

/// The header that sets the cookie of a new device.
pub(crate) fn set_cookie(keys: &Keys, scope: &CookieScope) -> HeaderMap {
    introduce(keys, scope).map_or_else(|_| HeaderMap::new(), |(_, headers)| headers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use axum::http::header::COOKIE;

    fn as_request(set: &HeaderMap) -> HeaderMap {
        let cookie = set[SET_COOKIE]
            .to_str()
            .unwrap()
            .split(';')
            .next()
            .unwrap()
            .to_owned();
        HeaderMap::from_iter([(COOKIE, HeaderValue::try_from(cookie).unwrap())])
    }

    fn keys(secret: &str) -> Keys {
        Keys::of(&secret.repeat(32))
    }

    #[test]
    fn a_cookie_that_we_set_names_its_person() {
        let keys = keys("a");

        let scope = CookieScope {
            secure: true,
            domain: Some("murmuration.example".into()),
        };
        let (person, set) = introduce(&keys, &scope).unwrap();

        assert_eq!(read(&as_request(&set), &keys), Some(person));
        let text = set[SET_COOKIE].to_str().unwrap();
        for attribute in [
            "HttpOnly",
            "Secure",
            "SameSite=Lax",
            "Path=/",
            "Max-Age=",
            "Domain=murmuration.example",
        ] {
            assert!(text.contains(attribute), "{text}");
        }
    }

    #[test]
    fn a_person_is_not_the_devices_id() {
        let keys = keys("a");

        let (person, set) = introduce(&keys, &CookieScope::default()).unwrap();

        let id = format!("{:032x}", u128::from_be_bytes(person.0));
        assert!(!set[SET_COOKIE].to_str().unwrap().contains(&id));
    }

    #[test]
    fn forged_and_foreign_cookies_are_nobody() {
        let own = keys("a");
        let (_, set) = introduce(&own, &CookieScope::default()).unwrap();

        let mut headers = as_request(&set);
        assert_eq!(read(&headers, &keys("b")), None);
        headers.insert(
            COOKIE,
            HeaderValue::from_static("person=00000000000000000000000000000001"),
        );
        assert_eq!(read(&headers, &own), None);
        assert_eq!(read(&HeaderMap::new(), &own), None);
    }
}
