//! Follows who is forgotten.

use super::Forgotten;
use super::handle::{REMEMBERED, What};
use super::state::PERSONS_MAX;
use crate::PersonId;
use crate::redis::{Backoff, LinkError, News, Script, as_ms, script};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;
use tokio_util::sync::CancellationToken;
use tracing::warn;

/// The most entries of one call: this many block Redis for less than a millisecond.
const ENTRIES_MAX: usize = 1_000;
/// How far before the newest entry reading goes on, in milliseconds: a replica that takes over may have missed the newest
/// ones, and its clock may be behind.
const OVERLAP_MS: u64 = 60_000;

static READ: LazyLock<Script> = LazyLock::new(|| script!("read.lua"));
static MEND: LazyLock<Script> = LazyLock::new(|| script!("../redis/time.lua", "mend.lua"));

/// An entry's time in milliseconds, and its number among those of that time.
type Id = (u64, u64);

/// An entry: its id, and its fields with their values.
type Entry = (String, HashMap<String, String>);

/// Keeps an instance's copy up to date.
pub(crate) struct ForgottenTask {
    forgotten: Forgotten,
    /// The newest entry that was taken in.
    newest: Id,
    /// Who is in it, where that is known: a Redis that lost it may give its id to another.
    whose: Option<PersonId>,
    /// Whether Redis has lost entries that were taken in.
    has_lost: bool,
}

impl ForgottenTask {
    pub(crate) fn new(forgotten: Forgotten) -> Self {
        Self {
            forgotten,
            newest: (0, 0),
            whose: None,
            has_lost: false,
        }
    }

    pub(crate) async fn run(mut self, stop: CancellationToken) {
        let [_, channel] = self.forgotten.shared.keys.forgotten();
        // In a cluster, they may be on another node than the world.
        let link = self.forgotten.shared.link.of(&channel);
        let news = News::default();
        link.follow(&channel, &news);
        let follow = async {
            let mut backoff = Backoff::new();
            loop {
                news.come().await;
                news.take();
                while let Err(error) = self.read().await {
                    warn!(%error, "Failed to read who was forgotten; retrying");
                    tokio::time::sleep(backoff.delay()).await;
                    link.up().await;
                }
                backoff.reset();
                self.forgotten.mark_known();
            }
        };
        stop.run_until_cancelled(follow).await;
        link.unfollow(&channel);
    }

    /// Reads on to the end of the stream, and writes back what it has lost.
    async fn read(&mut self) -> Result<(), LinkError> {
        let (known, whose) = (self.newest, self.whose);
        let from = known.0.saturating_sub(OVERLAP_MS);
        let mut has_known = false;
        self.read_from(from, |id, person| {
            has_known |= id == known && (whose.is_none() || person == whose);
        })
        .await?;
        self.has_lost |= known != (0, 0) && !has_known;
        if self.has_lost {
            self.mend().await?;
            self.has_lost = false;
        }
        Ok(())
    }

    /// Writes back who is missing in the stream. If several instances do so at a time, each person comes back once: a call
    /// does nothing if the stream has changed since it was read.
    async fn mend(&mut self) -> Result<(), LinkError> {
        let mut stream = HashSet::new();
        let mut newest = None;
        loop {
            if newest.is_none() {
                self.read_from(0, |id, person| {
                    newest = newest.max(Some(id));
                    stream.extend(person);
                })
                .await?;
            }
            let mut missing = self.forgotten.missing_in(&stream);
            missing.truncate(ENTRIES_MAX);
            if missing.is_empty() {
                self.newest = newest.unwrap_or_default();
                self.whose = None;
                return Ok(());
            }
            newest = self.write_back(newest, &missing).await?;
            if newest.is_some() {
                stream.extend(missing.into_iter().map(|(person, _)| person));
            }
        }
    }

    /// Writes persons back after the newest entry. Returns the newest after that; none if another one came meanwhile.
    async fn write_back(
        &self,
        newest: Option<Id>,
        missing: &[(PersonId, u64)],
    ) -> Result<Option<Id>, LinkError> {
        let [stream, channel] = self.forgotten.shared.keys.forgotten();
        let mut call = MEND.key(stream);
        let newest = newest.map_or_else(String::new, |(ms, number)| format!("{ms}-{number}"));
        call.confirm()
            .key(channel)
            .arg(newest)
            .arg(PERSONS_MAX)
            .arg(as_ms(REMEMBERED));
        for (person, at_ms) in missing {
            call.arg(person.member()).arg(at_ms);
        }
        let newest: String = self.forgotten.shared.link.call(&call).await?;
        Ok(parse_id(&newest))
    }

    /// Takes in all entries from that time on, and shows their ids and persons.
    async fn read_from(
        &mut self,
        from_ms: u64,
        mut see: impl FnMut(Id, Option<PersonId>),
    ) -> Result<(), LinkError> {
        let mut from = format!("{from_ms}-0");
        loop {
            let [stream, _] = self.forgotten.shared.keys.forgotten();
            let mut call = READ.key(stream);
            call.arg(&from).arg(ENTRIES_MAX);
            let entries: Vec<Entry> = self.forgotten.shared.link.call(&call).await?;
            for entry in &entries {
                if let Some(id) = parse_id(&entry.0) {
                    let person = self.take(id, &entry.1);
                    if id == self.newest {
                        self.whose = person;
                    }
                    see(id, person);
                }
            }
            match entries.last() {
                Some((id, _)) if entries.len() == ENTRIES_MAX => from = format!("({id}"),
                _ => return Ok(()),
            }
        }
    }

    /// Takes an entry in, unless another version wrote it. Returns who was forgotten.
    fn take(&mut self, id: Id, fields: &HashMap<String, String>) -> Option<PersonId> {
        // Whoever begins anew stays: only what is new ends sessions, and none of before this instance's start is open.
        let is_news = id > self.newest && self.forgotten.is_known();
        self.newest = self.newest.max(id);
        let field = |name: &str| fields.get(name).map(String::as_str);
        let person = field("who").and_then(PersonId::of_member)?;
        let both = [What::Forgotten, What::Out].into_iter();
        let what = both.filter(|what| *what == What::Forgotten || is_news);
        for what in what.filter(|what| field("what") == Some(what.name())) {
            self.forgotten.apply(person, what, id.0);
        }
        (field("what") == Some(What::Forgotten.name())).then_some(person)
    }
}

fn parse_id(text: &str) -> Option<Id> {
    let (ms, number) = text.split_once('-')?;
    Some((ms.parse().ok()?, number.parse().ok()?))
}
