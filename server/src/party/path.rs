//! The parts of a path that name a party and who is in it.

use crate::problem::HttpError;
use crate::state::AppState;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use protocol::{DeviceId, PartyCode};
use std::fmt::Display;

/// A path that names a party.
pub(crate) struct OfParty(pub(crate) PartyCode);

/// A path that names a party and, by their device, one who is or was in it.
pub(crate) struct OfParticipant {
    pub(crate) code: PartyCode,
    pub(crate) device: DeviceId,
}

impl FromRequestParts<AppState> for OfParty {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, HttpError> {
        let code = Path::<String>::from_request_parts(parts, state).await;
        let Path(code) = code.map_err(unreadable)?;
        Ok(Self(PartyCode::parse(&code).map_err(bad)?))
    }
}

impl FromRequestParts<AppState> for OfParticipant {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, HttpError> {
        let segments = Path::<(String, String)>::from_request_parts(parts, state).await;
        let Path((code, device)) = segments.map_err(unreadable)?;
        Ok(Self {
            code: PartyCode::parse(&code).map_err(bad)?,
            device: DeviceId::parse(&device).map_err(bad)?,
        })
    }
}

/// The rejection's own words quote the path, which may hold a device's id.
fn unreadable(_: PathRejection) -> HttpError {
    bad("its parts are text in UTF-8, percent-encoded")
}

fn bad(reason: impl Display) -> HttpError {
    HttpError::Path(reason.to_string())
}
