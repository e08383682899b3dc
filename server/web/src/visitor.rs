//! Who sends a request: the visitor of the cookie, and their network address's rate limits.

use crate::access::Caller;
use crate::client_address::ClientAddress;
use crate::error::HttpError;
use crate::rate::Address;
use crate::state::AppState;
use crate::visitor_cookie;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use edge::PersonId;
use protocol::DeviceId;
use std::sync::Arc;

/// Whom a page is rendered for.
pub struct Visitor {
    /// The person of the cookie, where it is one of ours.
    pub person: Option<PersonId>,
    /// The rate limits of their network address.
    pub address: Arc<Address>,
    /// The request's headers.
    pub headers: HeaderMap,
}

impl Visitor {
    /// The person of the cookie.
    ///
    /// # Errors
    /// Without a cookie: the browser blocks it.
    pub fn known(&self) -> Result<PersonId, HttpError> {
        self.person.ok_or_else(HttpError::no_cookie)
    }

    /// The cookie for a visitor without one, or with one of this host only. None while the key is unknown: a page without
    /// a cookie is better than no page.
    pub fn cookie(&self, state: &AppState) -> HeaderMap {
        cookie(state, &self.headers)
    }
}

/// See [`Visitor::cookie`].
#[must_use]
pub fn cookie(state: &AppState, headers: &HeaderMap) -> HeaderMap {
    let keys = state.known_keys();
    keys.map_or_else(HeaderMap::new, |keys| {
        visitor_cookie::keep(headers, &keys, &state.config.cookie)
    })
}

/// What makes a browser forget the visitor.
#[must_use]
pub fn removed_cookie(state: &AppState) -> HeaderMap {
    visitor_cookie::remove(&state.config.cookie)
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, HttpError> {
        let ClientAddress(address) = ClientAddress::from_request_parts(parts, state).await?;
        let headers = parts.headers.clone();
        let keys = state.known_keys();
        Ok(Self {
            person: keys.and_then(|keys| visitor_cookie::read(&headers, &keys)),
            address: state.addresses.of(address),
            headers,
        })
    }
}

/// Who sends a form or a call that changes something.
///
/// The cookie counts only if one of our own pages sent it. A program proves who it is by other means.
pub struct Sender(pub Visitor);

impl FromRequestParts<AppState> for Sender {
    type Rejection = HttpError;

    /// Refuses pages of other sites.
    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, HttpError> {
        let caller = Caller::from_request_parts(parts, state).await?;
        let mut visitor = Visitor::from_request_parts(parts, state).await?;
        if caller == Caller::Program {
            visitor.person = None;
        }
        Ok(Self(visitor))
    }
}

/// Somebody who does something.
pub struct Actor<'a> {
    /// The instance.
    pub state: &'a AppState,
    /// The rate limits of their network address.
    pub address: &'a Address,
    /// Who acts.
    pub person: PersonId,
}

impl<'a> Actor<'a> {
    /// The visitor of the cookie.
    ///
    /// # Errors
    /// Without a cookie: the browser blocks it.
    pub fn of_cookie(state: &'a AppState, sender: &'a Sender) -> Result<Self, HttpError> {
        let person = sender.0.known()?;
        Ok(Self::new(state, sender, person))
    }

    /// The person who holds a device: whoever knows its id may act for it, so no cookie counts.
    ///
    /// # Errors
    /// If it was forgotten.
    pub fn of_device(
        state: &'a AppState,
        sender: &'a Sender,
        device: &DeviceId,
    ) -> Result<Self, HttpError> {
        let person = state.keys()?.person(device);
        Ok(Self::new(
            state,
            sender,
            person.ok_or_else(device_forgotten)?,
        ))
    }

    fn new(state: &'a AppState, sender: &'a Sender, person: PersonId) -> Self {
        let address = &*sender.0.address;
        Self {
            state,
            address,
            person,
        }
    }
}

/// The device was forgotten.
fn device_forgotten() -> HttpError {
    HttpError::new(403, "device-forgotten", "This device was forgotten")
        .with_detail("Its id counts no longer. Use a new one.")
}
