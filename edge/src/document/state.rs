//! What is known of a document, and how changes are decided on it. No Redis, no clock: who calls says what came too late.

use super::mark::{Known, Mark, SourceId};
use super::reply::Reply;
use super::store::version;
use crate::PersonId;
use protocol::{Document, Problem, Seen};
use serde::Serialize;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

/// A change that waits to be decided.
pub(super) struct Waiting<D: Document> {
    pub(super) source: SourceId,
    /// Its number within its source; 1 where an idempotency key is the source.
    pub(super) seq: u64,
    /// The hash of a change with an idempotency key; else empty.
    pub(super) hash: String,
    pub(super) person: PersonId,
    pub(super) change: D::Change,
    /// How much room it takes while it waits.
    pub(super) bytes: usize,
    /// Whether it has waited for longer than its source's mark is remembered: it may have been applied elsewhere and
    /// forgotten since.
    pub(super) is_late: bool,
    /// When it came.
    pub(super) since: Instant,
    /// Why it was refused when it was last decided: storing that may have succeeded without an answer.
    pub(super) refusal: Option<Problem>,
    pub(super) reply: Reply<D>,
}

/// A document as it is in Redis, as far as it was read.
#[derive(Clone, Debug)]
pub(crate) struct Stored<D: Document> {
    /// Another random number after each call that stores anything; 0 where nothing was.
    pub(crate) version: u64,
    /// Grows with each call that changes what anybody sees.
    pub(crate) rev: u64,
    /// `None` where there is no such document.
    pub(crate) value: Option<D>,
    /// Its length as JSON.
    pub(crate) value_bytes: usize,
    pub(crate) owns: HashMap<PersonId, D::Own>,
    pub(crate) marks: HashMap<SourceId, Option<Mark>>,
}

/// The most persons, and the most sources, that are remembered of a document.
const PARTS_MAX: usize = 1_024;
/// About what remembering one takes.
const PART_BYTES: usize = 256;

/// What became of a change.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Verdict {
    Applied,
    Refused(Problem),
    TooLarge(usize),
    Unknown,
    KeyReused,
}

/// Decisions on a batch of changes, in their order, and what is to be stored for them.
pub(super) struct Decided<D: Document> {
    pub(super) verdicts: Vec<Verdict>,
    /// The version that storing it makes.
    pub(super) version: u64,
    pub(super) value: Option<D>,
    /// The value as JSON, where it is another than before.
    pub(super) new_value: Option<String>,
    /// The parts of persons that are others than before, and as JSON.
    pub(super) owns: HashMap<PersonId, (D::Own, String)>,
    pub(super) marks: HashMap<SourceId, Mark>,
}

impl<D: Document> Stored<D> {
    /// Whether all is known that these changes are decided on.
    pub(super) fn covers(&self, batch: &[Waiting<D>]) -> bool {
        let covers = |change: &Waiting<D>| {
            self.owns.contains_key(&change.person) && self.marks.contains_key(&change.source)
        };
        batch.iter().all(covers)
    }

    /// What that person sees; `None` where there is no document, or their part was not read.
    pub(super) fn seen(&self, person: PersonId) -> Option<Seen<D, D::Own>> {
        let mut value = self.value.clone()?;
        value.redact();
        Some(Seen {
            rev: self.rev,
            value,
            own: self.owns.get(&person)?.clone(),
        })
    }

    /// Decides on changes, one after the other.
    pub(super) fn decide(&self, batch: &[Waiting<D>]) -> Decided<D> {
        let decided = Deciding::new(self, false).decide(batch);
        // Rarely one of them makes something too large: then it is found out which.
        match decided.fits() {
            true => decided,
            false => Deciding::new(self, true).decide(batch),
        }
    }

    /// About how many bytes it takes to remember it.
    pub(super) fn weight(&self) -> u32 {
        let parts = self.owns.len() + self.marks.len();
        u32::try_from(2 * self.value_bytes + PART_BYTES * (parts + 1)).unwrap_or(u32::MAX)
    }

    /// Forgets persons and sources where they are too many.
    pub(super) fn trim(&mut self) {
        if self.owns.len() > PARTS_MAX || self.marks.len() > PARTS_MAX {
            self.owns.clear();
            self.marks.clear();
        }
    }

    /// Takes what was decided as stored; the verdicts.
    pub(super) fn take(&mut self, decided: Decided<D>) -> Vec<Verdict> {
        self.version = decided.version;
        if let Some(json) = &decided.new_value {
            self.value_bytes = json.len();
        }
        let shows = decided.new_value.is_some() || !decided.owns.is_empty();
        self.rev += u64::from(shows);
        self.value = decided.value;
        let owns = decided.owns.into_iter();
        self.owns
            .extend(owns.map(|(person, (own, _))| (person, own)));
        let marks = decided.marks.into_iter();
        self.marks
            .extend(marks.map(|(source, mark)| (source, Some(mark))));
        decided.verdicts
    }
}

impl<D: Document> Decided<D> {
    /// Whether there is anything to store.
    pub(super) fn is_something(&self) -> bool {
        self.new_value.is_some() || !self.owns.is_empty() || !self.marks.is_empty()
    }

    fn fits(&self) -> bool {
        let mut owns = self.owns.values();
        let fits = |json: &String, max_bytes| (1..=max_bytes).contains(&json.len());
        let value = self.new_value.as_ref();
        value.is_none_or(|json| fits(json, D::MAX_BYTES))
            && owns.all(|(_, own)| fits(own, D::OWN_MAX_BYTES))
    }
}

/// Decisions on the way.
struct Deciding<'a, D: Document> {
    stored: &'a Stored<D>,
    value: Option<D>,
    owns: HashMap<PersonId, D::Own>,
    marks: HashMap<SourceId, Mark>,
    /// Whether sizes are looked at after each change.
    is_careful: bool,
}

impl<'a, D: Document> Deciding<'a, D> {
    fn new(stored: &'a Stored<D>, is_careful: bool) -> Self {
        Self {
            stored,
            value: stored.value.clone(),
            owns: HashMap::new(),
            marks: HashMap::new(),
            is_careful,
        }
    }

    fn decide(mut self, batch: &[Waiting<D>]) -> Decided<D> {
        let verdicts = batch.iter().map(|change| self.judge(change)).collect();
        let is_new = self.value != self.stored.value;
        let new_value = self.value.as_ref().filter(|_| is_new).map(json);
        let before = &self.stored.owns;
        let owns = self.owns.into_iter();
        let owns = owns.filter(|(person, own)| before.get(person) != Some(own));
        let owns = owns.map(|(person, own)| {
            let json = json(&own);
            (person, (own, json))
        });
        Decided {
            verdicts,
            version: version(),
            new_value,
            owns: owns.collect(),
            marks: self.marks,
            value: self.value,
        }
    }

    fn judge(&mut self, change: &Waiting<D>) -> Verdict {
        if self.value.is_none() {
            return Verdict::Unknown;
        }
        let stored = || self.stored.marks.get(&change.source)?.as_ref();
        let mark = self.marks.get(&change.source).or_else(stored);
        match mark.map_or(Known::New, |mark| mark.know(change.seq, &change.hash)) {
            Known::Applied => return Verdict::Applied,
            Known::Refused => {
                let refusal = change.refusal.clone();
                return Verdict::Refused(refusal.unwrap_or_else(refused_before));
            }
            Known::Reused => return Verdict::KeyReused,
            Known::New if change.is_late => return Verdict::Refused(too_late()),
            Known::New => {}
        }
        let mark = mark.cloned();
        let outcome = self.apply(change);
        let decided = (change.seq, change.hash.as_str());
        if let Some(mark) = Mark::with(mark.as_ref(), &change.source, decided, outcome.is_err()) {
            self.marks.insert(change.source.clone(), mark);
        }
        match outcome {
            Ok(()) => Verdict::Applied,
            Err(verdict) => verdict,
        }
    }

    fn apply(&mut self, change: &Waiting<D>) -> Result<(), Verdict> {
        let Some(before) = &self.value else {
            return Err(Verdict::Unknown);
        };
        let own_before = match self.owns.entry(change.person) {
            Entry::Occupied(own) => own.into_mut(),
            Entry::Vacant(own) => {
                let stored = self.stored.owns.get(&change.person);
                own.insert(stored.cloned().unwrap_or_default())
            }
        };
        let (mut value, mut own) = (before.clone(), own_before.clone());
        // What a panic leaves behind are copies.
        let applying = AssertUnwindSafe(|| value.apply(&mut own, change.change.clone()));
        match catch_unwind(applying) {
            Ok(outcome) => outcome.map_err(Verdict::Refused)?,
            Err(_) => return Err(Verdict::Refused(rules_failed())),
        }
        if self.is_careful {
            fits(before, &value, D::MAX_BYTES)?;
            fits(&*own_before, &own, D::OWN_MAX_BYTES)?;
        }
        *own_before = own;
        self.value = Some(value);
        Ok(())
    }
}

/// Refuses what is too large, unless it was larger before.
fn fits<T: Serialize>(before: &T, after: &T, max_bytes: usize) -> Result<(), Verdict> {
    let after = size(after);
    match after > max_bytes && after >= size(before) {
        true => Err(Verdict::TooLarge(max_bytes)),
        false => Ok(()),
    }
}

/// The bytes of a value as JSON; one that JSON cannot hold is larger than all others.
fn size<T: Serialize>(value: &T) -> usize {
    serde_json::to_string(value).map_or(usize::MAX, |json| json.len())
}

/// A value as JSON; empty where JSON cannot hold it.
pub(super) fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The change has waited for too long to know whether it was applied.
fn too_late() -> Problem {
    Problem::new(503, "too-late", "That change was not saved")
        .with_detail("It waited too long for the servers’ storage. Make it again if it is missing.")
}

/// The rules panicked.
fn rules_failed() -> Problem {
    Problem::new(500, "internal", "Something went wrong on our side")
        .with_detail("That change was not saved. Try another one.")
}

/// The change was refused when it came first, and the answer was lost.
fn refused_before() -> Problem {
    Problem::new(409, "change-refused", "That change was refused")
        .with_detail("Look at how things stand now, then try again.")
}
