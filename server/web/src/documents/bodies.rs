//! What the calls of all kinds of documents take and answer.

use crate::extract::named;
use protocol::DeviceId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who changes a document, and how.
#[derive(Deserialize, ToSchema)]
pub(super) struct Changing<C> {
    /// The device of the person who changes it: a secret of theirs.
    pub(super) device_id: DeviceId,
    /// The change.
    pub(super) change: C,
}

/// Who creates a document, and what they say of it.
#[derive(Deserialize, ToSchema)]
#[serde(bound = "N: Deserialize<'de>")]
pub(super) struct Creating<N> {
    /// The device of the person who creates it: a secret of theirs.
    pub(super) device_id: DeviceId,
    /// The new one.
    #[serde(flatten, deserialize_with = "named")]
    pub(super) new: N,
}

/// A document that was created.
#[derive(Serialize, ToSchema)]
pub(super) struct Created<D, O> {
    /// Its key.
    pub(super) key: String,
    /// Grows whenever what anybody sees of it changes.
    pub(super) rev: u64,
    /// What everybody sees.
    pub(super) value: D,
    /// What only its maker sees.
    pub(super) own: O,
}
