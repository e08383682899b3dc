//! Showing, changing and creating documents over REST.
//!
//! The device id in the body says who acts: whoever knows it may act for the device, so no cookie is read.

use super::bodies::{Changing, Created, Creating};
use super::offered::{Change, New, Own};
use super::problem::missing;
use super::{CreateOffered, Named, Offered, acting, place};
use crate::error::HttpError;
use crate::extract::{IdempotencyKey, Json};
use crate::headers::{NO_STORE, NoStore};
use crate::state::AppState;
use crate::visitor::{Actor, Sender};
use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderName, StatusCode};
use protocol::{Revised, Seen};

/// Shows what everybody sees.
pub(super) async fn show<O: Offered>(
    State(state): State<AppState>,
    Named(key): Named<O::Document>,
) -> Result<NoStore<Revised<O::Document>>, HttpError> {
    let documents = acting::of::<O::Document>(&state)?;
    let seen = documents.read(&key, None).await;
    let seen = seen.map_err(|error| HttpError::redis_away(&error))?;
    let Seen { rev, value, .. } = seen.ok_or_else(missing::<O::Document>)?;
    Ok((NO_STORE, axum::Json(Revised { rev, value })))
}

/// Changes a document, and shows it as that person sees it.
pub(super) async fn change<O: Offered>(
    State(state): State<AppState>,
    sender: Sender,
    Named(key): Named<O::Document>,
    IdempotencyKey(once): IdempotencyKey,
    Json(Changing { device_id, change }): Json<Changing<Change<O>>>,
) -> Result<NoStore<Seen<O::Document, Own<O>>>, HttpError> {
    let actor = Actor::of_device(&state, &sender, &device_id)?;
    let seen = acting::change::<O::Document>(&actor, &key, once, change).await?;
    Ok((NO_STORE, axum::Json(seen)))
}

/// A document that was created, and where it is.
type Answer<D, O> = (
    StatusCode,
    [(HeaderName, String); 1],
    axum::Json<Created<D, O>>,
);

/// Creates a document.
pub(super) async fn create<O: CreateOffered>(
    State(state): State<AppState>,
    sender: Sender,
    IdempotencyKey(once): IdempotencyKey,
    Json(Creating { device_id, new }): Json<Creating<New<O>>>,
) -> Result<Answer<O::Document, Own<O>>, HttpError> {
    let actor = Actor::of_device(&state, &sender, &device_id)?;
    let (key, seen) = acting::create::<O::Document>(&actor, once.as_deref(), new).await?;
    let Seen { rev, value, own } = seen;
    let key = key.to_string();
    let location = place::call_path_of_one::<O::Document>().replace("{key}", &key);
    let created = Created {
        key,
        rev,
        value,
        own,
    };
    Ok((
        StatusCode::CREATED,
        [(LOCATION, location)],
        axum::Json(created),
    ))
}
