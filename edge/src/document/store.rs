//! Documents in Redis.

use super::mark::{Mark, SourceId};
use super::state::{Decided, Stored, Waiting};
use crate::PersonId;
use crate::redis::{Call, Keys, Link, LinkError, Script, as_ms, script, unreadable};
use protocol::Document;
use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::LazyLock;
use std::time::Duration;

static READ: LazyLock<Script> = LazyLock::new(|| script!("look.lua", "read.lua"));
static STORE: LazyLock<Script> = LazyLock::new(|| script!("look.lua", "store.lua"));
static CREATE: LazyLock<Script> = LazyLock::new(|| script!("look.lua", "create.lua"));
static LIST: LazyLock<Script> = LazyLock::new(|| script!("list.lua"));
static ADD: LazyLock<Script> = LazyLock::new(|| script!("../redis/time.lua", "add.lua"));

/// How much longer than an idle document the list of what somebody created lasts: documents that are changed last longer.
const LIST_TTLS: u32 = 12;

/// What `look()` returns: version, revision, value, persons' parts, marks.
type Looked = (
    Option<u64>,
    Option<u64>,
    Option<String>,
    Vec<Option<String>>,
    Vec<Option<String>>,
);

/// A document's key, and the names of its keys in Redis.
#[derive(Clone)]
pub(crate) struct Place<D: Document> {
    pub(super) key: D::Key,
    /// The key as text.
    pub(super) name: String,
    keys: [String; 3],
    /// What the names of its marks begin with.
    marks: String,
}

/// One kind of document in Redis.
#[derive(Clone)]
pub(crate) struct Store<D> {
    pub(super) link: Link,
    pub(super) keys: Keys,
    /// How long an idle document lasts.
    pub(super) ttl: Duration,
    /// How long an idempotency key is remembered.
    pub(super) keys_for: Duration,
    pub(super) kind: PhantomData<fn() -> D>,
}

/// What became of an attempt to store.
pub(super) enum Attempt<D: Document> {
    Stored,
    /// Others stored something first; how the document is now, and whether another instance has the turn.
    Late(Stored<D>, bool),
}

impl<D: Document> Store<D> {
    /// Where a document is.
    pub(crate) fn place(&self, key: &D::Key) -> Place<D> {
        let name = key.to_string();
        Place {
            keys: self.keys.document(D::NAME, &name),
            marks: self.keys.document_mark(D::NAME, &name, ""),
            name,
            key: key.clone(),
        }
    }

    /// The channel that announces changes of a document.
    pub(super) fn channel(&self, key: &str) -> String {
        let [_, changes, _] = self.keys.document(D::NAME, key);
        changes
    }

    /// Reads a document, for these persons and sources.
    pub(super) async fn read(
        &self,
        at: &Place<D>,
        persons: &[PersonId],
        sources: &[SourceId],
    ) -> Result<Stored<D>, LinkError> {
        let mut call = self.prepare(&READ, at, sources);
        call.arg(sources.len()).arg(persons.len());
        for person in persons {
            call.arg(person.member());
        }
        let looked = self.link.call(&call).await?;
        stored(&at.key, looked, persons, sources)
    }

    /// Reads what everybody sees, once replicas have all that is stored.
    pub(super) async fn confirm(&self, at: &Place<D>) -> Result<Stored<D>, LinkError> {
        let mut call = self.prepare(&READ, at, &[]);
        call.confirm().arg(0).arg(0);
        stored(&at.key, self.link.call(&call).await?, &[], &[])
    }

    /// Stores what was decided on a version.
    pub(super) async fn store(
        &self,
        at: &Place<D>,
        (instance, turn): (&str, Duration),
        (version, batch): (u64, &[Waiting<D>]),
        decided: &Decided<D>,
    ) -> Result<Attempt<D>, LinkError> {
        let (persons, sources) = whose(batch);
        let mut call = self.prepare(&STORE, at, &sources);
        call.confirm();
        call.arg(version).arg(instance).arg(as_ms(turn));
        call.arg(as_ms(self.ttl));
        call.arg(decided.new_value.as_deref().unwrap_or_default());
        call.arg(decided.version).arg(persons.len());
        for person in &persons {
            let own = decided.owns.get(person);
            call.arg(person.member())
                .arg(own.map_or("", |(_, json)| json));
        }
        for source in &sources {
            let mark = decided.marks.get(source).map(ToString::to_string);
            call.arg(mark.unwrap_or_default());
            call.arg(source.ttl(self.keys_for).as_secs());
        }
        let answer: Vec<redis::Value> = self.link.call(&call).await?;
        if answer.is_empty() {
            return Ok(Attempt::Stored);
        }
        let found: (Option<u64>, Option<u64>, Option<String>, Vec<_>, Vec<_>, u8) =
            redis::from_redis_value(redis::Value::Array(answer))
                .map_err(redis::RedisError::from)?;
        let (version, rev, value, owns, marks, is_others) = found;
        let found = stored(
            &at.key,
            (version, rev, value, owns, marks),
            &persons,
            &sources,
        )?;
        Ok(Attempt::Late(found, is_others == 1))
    }

    /// Creates a document, once for each name of the call; `None` if there is another.
    pub(crate) async fn create(
        &self,
        at: &Place<D>,
        person: PersonId,
        (value, own): (&str, &str),
        made: &str,
    ) -> Result<Option<Stored<D>>, LinkError> {
        let mut call = self.prepare(&CREATE, at, &[]);
        call.confirm();
        call.arg(person.member()).arg(own).arg(value);
        call.arg(as_ms(self.ttl)).arg(made).arg(version());
        let answer: Vec<redis::Value> = self.link.call(&call).await?;
        if answer.is_empty() {
            return Ok(None);
        }
        let looked = redis::from_redis_value(redis::Value::Array(answer))
            .map_err(redis::RedisError::from)?;
        stored(&at.key, looked, &[person], &[]).map(Some)
    }

    /// Notes that a person created a document, and that others of theirs are gone; false if they have too many.
    pub(super) async fn add(
        &self,
        person: PersonId,
        key: &str,
        most: u32,
        gone: &[String],
    ) -> Result<bool, LinkError> {
        let mut call = ADD.key(self.keys.documents_of(D::NAME, person));
        call.confirm();
        call.arg(key)
            .arg(most)
            .arg(as_ms(self.ttl * LIST_TTLS))
            .arg(gone);
        let added: u8 = self.link.call(&call).await?;
        Ok(added == 1)
    }

    /// The documents that a person created, oldest first.
    pub(super) async fn created_by(&self, person: PersonId) -> Result<Vec<String>, LinkError> {
        let mut call = LIST.key(self.keys.documents_of(D::NAME, person));
        call.arg(as_ms(self.ttl * LIST_TTLS));
        self.link.call(&call).await
    }

    fn prepare<'a>(&self, script: &'a Script, at: &Place<D>, sources: &[SourceId]) -> Call<'a> {
        let mut call = script.prepare();
        for name in &at.keys {
            call.key(name);
        }
        for source in sources {
            call.key(format!("{}{}", at.marks, source.name()));
        }
        call
    }
}

/// A version that no other is equal to. Numbers that grow would come again where Redis comes back older, or a document
/// expires.
pub(super) fn version() -> u64 {
    rand::random_range(1..=u64::MAX)
}

/// The persons and sources of a batch, each once.
pub(super) fn whose<D: Document>(batch: &[Waiting<D>]) -> (Vec<PersonId>, Vec<SourceId>) {
    let (mut persons, mut sources) = (HashMap::new(), HashMap::new());
    for (at, change) in batch.iter().enumerate() {
        persons.entry(change.person).or_insert(at);
        sources.entry(change.source.clone()).or_insert(at);
    }
    (persons.into_keys().collect(), sources.into_keys().collect())
}

/// Reads what `look()` returned.
fn stored<D: Document>(
    key: &D::Key,
    (version, rev, value, owns, marks): Looked,
    persons: &[PersonId],
    sources: &[SourceId],
) -> Result<Stored<D>, LinkError> {
    let value_bytes = value.as_ref().map_or(0, String::len);
    let value = match value {
        Some(json) => Some(serde_json::from_str(&json).map_err(|_| unreadable("a document"))?),
        None => D::first(key),
    };
    let own = |json: Option<String>| match json {
        Some(json) => {
            serde_json::from_str(&json).map_err(|_| unreadable("a person's part of a document"))
        }
        None => Ok(D::Own::default()),
    };
    let owns = persons.iter().zip(owns);
    let owns = owns.map(|(person, json)| Ok::<_, LinkError>((*person, own(json)?)));
    let marks = sources.iter().zip(marks);
    let marks = marks.map(|(source, text)| (source.clone(), text.as_deref().map(Mark::read)));
    Ok(Stored {
        version: version.unwrap_or_default(),
        rev: rev.unwrap_or_default(),
        value,
        value_bytes,
        owns: owns.collect::<Result<_, _>>()?,
        marks: marks.collect(),
    })
}
