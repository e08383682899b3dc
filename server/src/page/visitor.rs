//! Who a page of a party is for.

use crate::access::{Caller, ClientAddress};
use crate::problem::HttpError;
use crate::state::AppState;
use crate::visitor_cookie;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use edge::PersonId;
use std::net::IpAddr;

/// Who sends a form.
pub(crate) struct Sender {
    /// The visitor, where their cookie is one of ours.
    ///
    /// Only a form of our own pages has the cookie's rights; a program says itself who it is, over REST.
    pub(crate) person: Option<PersonId>,
    /// Where the form comes from.
    pub(crate) address: IpAddr,
    /// What came with it.
    pub(crate) headers: HeaderMap,
}

impl FromRequestParts<AppState> for Sender {
    type Rejection = HttpError;

    /// Refuses pages of other sites.
    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, HttpError> {
        let ClientAddress(address) = ClientAddress::from_request_parts(parts, state).await?;
        let person = match Caller::from_request_parts(parts, state).await? {
            Caller::Page => known(state, &parts.headers),
            Caller::Program => None,
        };
        Ok(Self {
            person,
            address,
            headers: parts.headers.clone(),
        })
    }
}

/// The visitor to show a page to, where their cookie is one of ours.
pub(crate) fn known(state: &AppState, headers: &HeaderMap) -> Option<PersonId> {
    state
        .key
        .get()
        .and_then(|keys| visitor_cookie::read(headers, keys))
}

/// The cookie for a visitor without one. Nothing while the key is not known: a page without a cookie is
/// better than none.
pub(crate) fn cookie(state: &AppState, headers: &HeaderMap) -> HeaderMap {
    match state.key.get() {
        Some(keys) if visitor_cookie::read(headers, keys).is_none() => {
            visitor_cookie::set_cookie(keys, &state.config.cookie)
        }
        _ => HeaderMap::new(),
    }
}
