//! The visitor's cookie: a random id, signed, unreadable to scripts.

use crate::problem::HttpError;
use crate::state::AppState;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::SignedCookieJar;
use axum_extra::extract::cookie::{Cookie, Key, SameSite};
use edge::PersonId;
use std::time::Duration;

/// The cookie's name.
const NAME: &str = "person";
/// How long it lasts: the longest that browsers keep one (RFC 6265bis, section 5.5).
const LIFETIME: Duration = Duration::from_secs(400 * 24 * 3600);

/// The person of a request, if its cookie is one that we signed.
pub(crate) fn read(headers: &HeaderMap, key: &Key) -> Option<PersonId> {
    let jar = SignedCookieJar::from_headers(headers, key.clone());
    let cookie = jar.get(NAME)?;
    let id = u128::from_str_radix(cookie.value(), 16).ok()?;
    Some(PersonId(id.to_be_bytes()))
}

/// A person whom we have not seen before.
pub(crate) fn fresh() -> PersonId {
    PersonId(rand::random())
}

/// The header that makes a browser keep a fresh person's id.
pub(crate) fn set_cookie(key: &Key, secure: bool) -> HeaderMap {
    let id = format!("{:032x}", u128::from_be_bytes(fresh().0));
    let cookie = Cookie::build((NAME, id))
        .path("/")
        .http_only(true)
        .secure(secure)
        .same_site(SameSite::Lax)
        .max_age(LIFETIME.try_into().unwrap_or_default());
    let response: Response = (SignedCookieJar::new(key.clone()).add(cookie), ()).into_response();
    let values = response.headers().get_all(SET_COOKIE).iter();
    values.map(|value| (SET_COOKIE, value.clone())).collect()
}

/// The key that cookies are signed with: the configured one, or the one that all instances share.
pub(crate) async fn key(state: &AppState) -> Result<Key, HttpError> {
    let made = state.key.get_or_try_init(|| async {
        match &state.config.secret {
            Some(secret) => Ok(Key::derive_from(secret.expose().as_bytes())),
            None => state
                .engine
                .shared_secret()
                .await
                .map(|secret| Key::derive_from(secret.as_bytes())),
        }
    });
    made.await.cloned().map_err(|error| {
        tracing::warn!(%error, "The shared secret cannot be read");
        HttpError::NotReady
    })
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

    #[test]
    fn a_cookie_that_we_set_names_its_person() {
        let key = Key::derive_from(&[7; 64]);

        let set = set_cookie(&key, true);

        assert!(read(&as_request(&set), &key).is_some());
        let text = set[SET_COOKIE].to_str().unwrap();
        for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age="] {
            assert!(text.contains(attribute), "{text}");
        }
    }

    #[test]
    fn forged_and_foreign_cookies_are_nobody() {
        let key = Key::derive_from(&[7; 64]);
        let set = set_cookie(&key, false);

        let mut headers = as_request(&set);
        assert_eq!(read(&headers, &Key::derive_from(&[8; 64])), None);
        headers.insert(
            COOKIE,
            HeaderValue::from_static("person=00000000000000000000000000000001"),
        );
        assert_eq!(read(&headers, &key), None);
        assert_eq!(read(&HeaderMap::new(), &key), None);
    }
}
