//! What a request brings to prove that a mail address belongs to its sender.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::request::Parts;
use edge::{Credentials, TokenHash};
use web::AppState;
use web::Caller;
use web::HttpError;
use web::visitor::{Sender, Visitor};

/// The scheme of RFC 6750.
const BEARER: &str = "bearer";

/// The proof of a request that changes something: its token, and its cookie if one of our own pages sent it.
pub(crate) struct Writing(pub(crate) Credentials);

/// The proof of a request that only reads: its token, and its cookie.
///
/// Browsers send no origin when a page reads from its own site or a person follows a link. Pages of other sites
/// cannot read the answer, whatever cookie came with the request.
pub(crate) struct Reading(pub(crate) Credentials);

impl FromRequestParts<AppState> for Writing {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, HttpError> {
        know_cookies(&parts.headers, state).await?;
        let Sender(visitor) = Sender::from_request_parts(parts, state).await?;
        Ok(Self(proof(visitor)))
    }
}

impl FromRequestParts<AppState> for Reading {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, HttpError> {
        know_cookies(&parts.headers, state).await?;
        // Refuses pages of other sites.
        Caller::from_request_parts(parts, state).await?;
        Ok(Self(proof(
            Visitor::from_request_parts(parts, state).await?,
        )))
    }
}

/// Learns the key of a cookie: whose it is matters here.
async fn know_cookies(headers: &HeaderMap, state: &AppState) -> Result<(), HttpError> {
    if headers.contains_key(COOKIE) {
        state.keys()?;
    }
    Ok(())
}

fn proof(visitor: Visitor) -> Credentials {
    Credentials {
        token: token(&visitor.headers),
        person: visitor.person,
    }
}

fn token(headers: &HeaderMap) -> Option<TokenHash> {
    bearer(headers).map(TokenHash::of)
}

/// The request's bearer token; none if there are several.
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
