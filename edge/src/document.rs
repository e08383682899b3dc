//! STUB of documents: the engine's own replaces it.
#![allow(
    missing_docs,
    unused_variables,
    clippy::unimplemented,
    clippy::needless_pass_by_value
)]

use crate::{Engine, LinkError, PersonId, Session, Sources};
use protocol::live::RawJson;
use protocol::{Create, Document, Problem, Revised, Seen};
use std::marker::PhantomData;

#[derive(Clone)]
pub struct Documents<D>(PhantomData<D>);

impl<D: Document> Documents<D> {
    pub async fn read(
        &self,
        key: &D::Key,
        person: Option<PersonId>,
    ) -> Result<Option<Seen<D, D::Own>>, LinkError> {
        unimplemented!()
    }

    pub async fn change(
        &self,
        key: &D::Key,
        person: PersonId,
        source: ChangeSource,
        change: D::Change,
    ) -> Result<Seen<D, D::Own>, ChangeError> {
        unimplemented!()
    }
}

impl<D: Create> Documents<D> {
    pub async fn create(
        &self,
        person: PersonId,
        once: Option<&str>,
        new: D::New,
    ) -> Result<(D::Key, Seen<D, D::Own>), ChangeError> {
        unimplemented!()
    }

    pub async fn created_by(
        &self,
        person: PersonId,
    ) -> Result<Vec<(D::Key, Revised<D>)>, LinkError> {
        unimplemented!()
    }
}

pub enum ChangeSource {
    Once,
    Key(String),
}

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeError {
    #[error("{0:?}")]
    Refused(Problem),
    #[error("unknown")]
    Unknown,
    #[error("unknown topic")]
    UnknownTopic,
    #[error("{0}")]
    Unreadable(String),
    #[error("too large")]
    TooLarge { max_bytes: usize },
    #[error("too many")]
    TooMany { max: u32 },
    #[error("busy")]
    Busy,
    #[error("key reused")]
    KeyReused,
    #[error("stopping")]
    Stopping,
    #[error(transparent)]
    Link(#[from] LinkError),
}

impl Engine {
    #[must_use]
    pub fn documents<D: Document>(&self) -> Option<Documents<D>> {
        Some(Documents(PhantomData))
    }
}

impl Sources {
    #[must_use]
    pub fn with_document<D: Document>(self) -> Self {
        self
    }
}

impl Session {
    pub fn change(
        &mut self,
        topic: &str,
        key: &str,
        seq: u64,
        change: &RawJson,
    ) -> Result<(), ChangeError> {
        Err(ChangeError::UnknownTopic)
    }
}
