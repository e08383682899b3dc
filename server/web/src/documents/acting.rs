//! What people do to documents, whether a REST call or a form asks for it.

use super::problem::{too_many_changes, too_many_created, undecided};
use crate::error::HttpError;
use crate::rate::memory;
use crate::state::AppState;
use crate::visitor::Actor;
use edge::{ChangeError, ChangeSource, Documents};
use protocol::{Create, Document, Seen};
use std::time::Duration;
use tokio::time::timeout;

/// How long a caller waits for Redis; the change waits longer.
const DECIDE_TIMEOUT: Duration = Duration::from_secs(5);

/// All documents of a kind.
pub(super) fn of<D: Document>(state: &AppState) -> Result<Documents<D>, HttpError> {
    let documents = state.engine.documents();
    documents.ok_or_else(|| HttpError::logged(&ChangeError::UnknownTopic))
}

/// Changes a document; once, however often it is retried with the same key.
pub(super) async fn change<D: Document>(
    actor: &Actor<'_>,
    key: &D::Key,
    once: Option<String>,
    change: D::Change,
) -> Result<Seen<D, D::Own>, HttpError> {
    let documents = of::<D>(actor.state)?;
    let budget = actor.address.changes.take_one();
    budget.map_err(too_many_changes)?;
    memory::leave(actor.state, actor.address, memory::CHANGE)?;
    let source = once.map_or(ChangeSource::Once, ChangeSource::Key);
    let changing = documents.change(key, actor.person, source, change);
    Ok(timeout(DECIDE_TIMEOUT, changing)
        .await
        .map_err(|_| undecided())??)
}

/// Creates a document; once, however often it is retried with the same key.
pub(super) async fn create<D: Create>(
    actor: &Actor<'_>,
    once: Option<&str>,
    new: D::New,
) -> Result<(D::Key, Seen<D, D::Own>), HttpError> {
    let documents = of::<D>(actor.state)?;
    let creations = actor.address.creations.take_one();
    creations.map_err(too_many_created)?;
    // What is none leaves nothing behind.
    let made = D::create(new)?;
    memory::leave(actor.state, actor.address, memory::DOCUMENT)?;
    let creating = documents.create(actor.person, once, made);
    Ok(timeout(DECIDE_TIMEOUT, creating)
        .await
        .map_err(|_| undecided())??)
}
