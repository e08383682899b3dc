//! This page's own changes of a document, from the moment they are made until the confirmed document includes them.
//!
//! What is shown is the confirmed document with those of the page's changes applied that it does not include: none counts
//! twice, and none is missing. Frames tell which ones it includes, in whatever order they come. An answer names the
//! revision that a change became part of. A document that comes before all that were on their way are answered may
//! include them or not: it is held back until then.

use protocol::{CHANGES_WAITING_MAX, Document, Problem, Revised, Seen};
use std::collections::VecDeque;

/// A document as the server tells it, and what this page has changed beyond that.
#[derive(Debug)]
pub(super) struct Changes<D: Document> {
    /// The newest document of which it is known which changes it includes.
    confirmed: Option<Revised<D>>,
    /// Whether it is what the server rendered: the first that a socket tells may only be behind.
    is_rendered: bool,
    /// Whether the server said that there is none.
    is_missing: bool,
    /// The person's own part by revision: the newest that belongs to the confirmed document, and later ones.
    owns: Vec<(u64, D::Own)>,
    /// The number of the newest change; the first has 1.
    newest: u64,
    /// Not answered yet, oldest first.
    waiting: VecDeque<Waiting<D::Change>>,
    /// Answered, but beyond the confirmed document.
    settled: Vec<Settled<D::Change>>,
    /// The revision of the newest answer: what it does not answer comes later.
    answered_rev: u64,
    /// Documents that cannot be told yet: the one that is decided next, and the newest. One's own stream of changes must
    /// not keep those of others away for good.
    held: VecDeque<Held<D>>,
}

#[derive(Debug)]
struct Waiting<C> {
    seq: u64,
    change: C,
    sent: Sent,
}

/// How often a change was sent.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Sent {
    Never,
    Once,
    /// It may be part of the document for long when the answer comes.
    Again,
}

#[derive(Debug)]
struct Settled<C> {
    seq: u64,
    change: C,
    /// No earlier revision includes it.
    first_rev: u64,
    /// This one and all later ones include it.
    rev: u64,
}

#[derive(Debug)]
struct Held<D> {
    document: Option<Revised<D>>,
    /// The newest change that was on its way when it came.
    newest: u64,
}

impl<D: Document> Changes<D> {
    /// No changes, of a document as the server rendered it.
    pub(super) fn new(initial: Option<Seen<D, D::Own>>) -> Self {
        let (confirmed, own) = initial.map_or((None, None), |Seen { rev, value, own }| {
            (Some(Revised { rev, value }), Some((rev, own)))
        });
        Self {
            is_rendered: confirmed.is_some(),
            confirmed,
            is_missing: false,
            owns: own.into_iter().collect(),
            newest: 0,
            waiting: VecDeque::new(),
            settled: Vec::new(),
            answered_rev: 0,
            held: VecDeque::new(),
        }
    }

    /// What is shown; `None` while the document or the person's own part is unknown, or where there is none.
    pub(super) fn shown(&self) -> Option<Seen<D, D::Own>> {
        let Revised { rev, value } = self.confirmed.clone()?;
        let (_, own) = self.owns.iter().rfind(|(own_rev, _)| *own_rev <= rev)?;
        let own = own.clone();
        let mut seen = Seen { rev, value, own };
        let settled = self.settled.iter().map(|settled| &settled.change);
        let waiting = self.waiting.iter().map(|waiting| &waiting.change);
        for change in settled.chain(waiting) {
            // What others did meanwhile may have made it impossible: the server is about to say so.
            let _refused = apply(&mut seen, change.clone());
        }
        Some(seen)
    }

    /// Whether the server said that there is no such document.
    pub(super) fn is_missing(&self) -> bool {
        self.is_missing
    }

    /// How many changes have no answer yet.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// The visitor makes a change, unless it is refused already here.
    pub(super) fn change(&mut self, change: D::Change) -> Result<(), Problem> {
        if self.waiting.len() >= CHANGES_WAITING_MAX {
            return Err(too_many_waiting());
        }
        apply(&mut self.shown().ok_or_else(not_loaded)?, change.clone())?;
        self.newest += 1;
        self.waiting.push_back(Waiting {
            seq: self.newest,
            change,
            sent: Sent::Never,
        });
        Ok(())
    }

    /// The changes that were never sent, or `again` all that have no answer, noted as sent.
    pub(super) fn send(&mut self, again: bool) -> Vec<(u64, D::Change)> {
        let is_due = |waiting: &&mut Waiting<_>| again || waiting.sent == Sent::Never;
        let due = self.waiting.iter_mut().filter(is_due);
        due.map(|waiting| {
            waiting.sent = match waiting.sent {
                Sent::Never => Sent::Once,
                Sent::Once | Sent::Again => Sent::Again,
            };
            (waiting.seq, waiting.change.clone())
        })
        .collect()
    }

    /// Whether a document is older than the one that was rendered, and none came since.
    pub(super) fn is_behind(&self, document: Option<&Revised<D>>) -> bool {
        let known_rev = self.confirmed.as_ref().map_or(0, |known| known.rev);
        self.is_rendered && document.is_some_and(|document| document.rev < known_rev)
    }

    /// The server tells the document; `None` where there is none.
    pub(super) fn hear(&mut self, document: Option<Revised<D>>) {
        let mut sent = self.waiting.iter().rev();
        let newest = sent.find(|waiting| waiting.sent != Sent::Never);
        let newest = newest.map_or(0, |waiting| waiting.seq);
        self.is_rendered = false;
        self.held.truncate(1);
        self.held.push_back(Held { document, newest });
        self.release();
    }

    /// The server tells the person's own part at a revision, and that it has decided on every change up to number `seq`.
    pub(super) fn hear_own(&mut self, rev: u64, seq: u64, own: D::Own) {
        let at = self.owns.partition_point(|(own_rev, _)| *own_rev < rev);
        match self.owns.get_mut(at) {
            Some((own_rev, known)) if *own_rev == rev => *known = own,
            _ => self.owns.insert(at, (rev, own)),
        }
        let count = self.waiting.partition_point(|waiting| waiting.seq <= seq);
        for waiting in self.waiting.drain(..count) {
            let first_rev = match waiting.sent {
                // Answered by itself, it is known exactly.
                Sent::Never | Sent::Once if waiting.seq == seq => rev,
                Sent::Never | Sent::Once => self.answered_rev + 1,
                Sent::Again => 0,
            };
            self.settled.push(Settled {
                seq: waiting.seq,
                change: waiting.change,
                first_rev,
                rev,
            });
        }
        if seq > 0 {
            self.answered_rev = rev;
        }
        self.forget();
        self.release();
    }

    /// The server refuses a change; tells whether it was shown.
    pub(super) fn refuse(&mut self, seq: u64) -> bool {
        let before = self.waiting.len() + self.settled.len();
        self.waiting.retain(|waiting| waiting.seq != seq);
        self.settled.retain(|settled| settled.seq != seq);
        self.release();
        before > self.waiting.len() + self.settled.len()
    }

    /// Decides on what was held back for changes that are answered by now.
    fn release(&mut self) {
        let oldest = self.waiting.front().map_or(u64::MAX, |oldest| oldest.seq);
        while self.held.front().is_some_and(|held| held.newest < oldest) {
            if let Some(held) = self.held.pop_front() {
                self.confirm(held.document);
            }
        }
    }

    fn confirm(&mut self, document: Option<Revised<D>>) {
        let rev = document.as_ref().map_or(0, |document| document.rev);
        let known_rev = self.confirmed.as_ref().map_or(0, |known| known.rev);
        if rev < known_rev {
            self.go_back(rev);
        }
        let may_include = |settled: &Settled<_>| (settled.first_rev..settled.rev).contains(&rev);
        if self.settled.iter().any(may_include) {
            // Nobody can tell. Where there is such a revision, a document of it comes too.
            return;
        }
        self.is_missing = document.is_none();
        self.confirmed = document;
        self.forget();
    }

    /// Redis came back older, or the document is gone: the older revision is the truth.
    fn go_back(&mut self, rev: u64) {
        self.settled.clear();
        self.answered_rev = 0;
        let newest = self.owns.last().map(|(_, own)| (rev, own.clone()));
        self.owns.retain(|(own_rev, _)| *own_rev <= rev);
        if self.owns.is_empty() {
            // Until the server tells: what it was is more likely than nothing.
            self.owns.extend(newest);
        }
    }

    /// Forgets what the confirmed document makes needless.
    fn forget(&mut self) {
        let Some(Revised { rev, .. }) = self.confirmed else {
            return;
        };
        self.settled.retain(|settled| settled.rev > rev);
        let older = self.owns.partition_point(|(own_rev, _)| *own_rev <= rev);
        self.owns.drain(..older.saturating_sub(1));
    }
}

/// Applies a change, or leaves all as it is.
fn apply<D: Document>(seen: &mut Seen<D, D::Own>, change: D::Change) -> Result<(), Problem> {
    let (mut value, mut own) = (seen.value.clone(), seen.own.clone());
    value.apply(&mut own, change)?;
    (seen.value, seen.own) = (value, own);
    Ok(())
}

fn too_many_waiting() -> Problem {
    let detail = format!(
        "{CHANGES_WAITING_MAX} changes are still waiting to be saved. Try again once they are."
    );
    Problem::new(429, "too-many-waiting", "That change was not saved").with_detail(detail)
}

fn not_loaded() -> Problem {
    Problem::new(409, "not-loaded", "That change was not saved").with_detail(
        "This page doesn’t show what you want to change yet. Reload it, then try again.",
    )
}
