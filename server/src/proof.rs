//! What a request brings to show that a mail address is its sender's.

use crate::access::Caller;
use crate::person;
use crate::problem::HttpError;
use crate::state::AppState;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::request::Parts;
use edge::{Credentials, PersonId, TokenHash};

/// The scheme of RFC 6750.
const BEARER: &str = "bearer";

/// Of a request that changes something: its token, and its cookie where one of our own pages sent it.
pub(crate) struct Writing(pub(crate) Credentials);

/// Of a request that only reads: its token, and its cookie.
///
/// Browsers say no origin where a page reads from its own site, or a person goes to a link. Pages of other sites
/// cannot see the answer, whoever's cookie came with it.
pub(crate) struct Reading(pub(crate) Credentials);

impl FromRequestParts<AppState> for Writing {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, HttpError> {
        let person = match Caller::from_request_parts(parts, state).await? {
            Caller::Page => person(&parts.headers, state).await?,
            Caller::Program => None,
        };
        let token = token(&parts.headers);
        Ok(Self(Credentials { token, person }))
    }
}

impl FromRequestParts<AppState> for Reading {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, HttpError> {
        let _own = Caller::from_request_parts(parts, state).await?;
        let person = person(&parts.headers, state).await?;
        let token = token(&parts.headers);
        Ok(Self(Credentials { token, person }))
    }
}

async fn person(headers: &HeaderMap, state: &AppState) -> Result<Option<PersonId>, HttpError> {
    match headers.contains_key(COOKIE) {
        true => Ok(person::read(headers, &person::key(state).await?)),
        false => Ok(None),
    }
}

fn token(headers: &HeaderMap) -> Option<TokenHash> {
    bearer(headers).map(TokenHash::of)
}

/// The token that a request bears; nothing where there is none, or more than one.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut lines = headers.get_all(AUTHORIZATION).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else {
        return None;
    };
    let (scheme, token) = line.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    let usable = scheme.eq_ignore_ascii_case(BEARER) && !token.is_empty();
    usable.then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn of(lines: &[&str]) -> Option<TokenHash> {
        let line = |line: &&str| (AUTHORIZATION, HeaderValue::try_from(*line).unwrap());
        let mut headers = HeaderMap::new();
        for (name, value) in lines.iter().map(line) {
            headers.append(name, value);
        }
        token(&headers)
    }

    #[test]
    fn a_token_comes_as_its_bearers() {
        let expected = Some(TokenHash::of("mail_x"));

        assert_eq!(of(&["Bearer mail_x"]), expected);
        assert_eq!(of(&["bearer  mail_x"]), expected);
        for lines in [
            &[][..],
            &["mail_x"],
            &["Bearer"],
            &["Bearer "],
            &["Basic mail_x"],
            &["Bearer mail_x", "Bearer mail_x"],
        ] {
            assert_eq!(of(lines), None, "{lines:?}");
        }
    }
}
