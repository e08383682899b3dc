//! Who a page of a party is for.

use crate::access::Caller;
use crate::person;
use crate::state::AppState;
use axum::http::HeaderMap;
use edge::PersonId;

/// The visitor, where their cookie is one of ours.
///
/// Only a form of our own pages has the cookie's rights; a program says itself who it is, over REST.
pub(super) fn sender(state: &AppState, caller: Caller, headers: &HeaderMap) -> Option<PersonId> {
    match caller {
        Caller::Page => known(state, headers),
        Caller::Program => None,
    }
}

/// The visitor to show a page to, where their cookie is one of ours.
pub(super) fn known(state: &AppState, headers: &HeaderMap) -> Option<PersonId> {
    state.key.get().and_then(|keys| person::read(headers, keys))
}

/// The cookie for a visitor without one. Nothing while the key is not known: a page without a cookie is
/// better than none.
pub(super) fn cookie(state: &AppState, headers: &HeaderMap) -> HeaderMap {
    match state.key.get() {
        Some(keys) if person::read(headers, keys).is_none() => {
            person::set_cookie(keys, state.config.public_url.starts_with("https:"))
        }
        _ => HeaderMap::new(),
    }
}
