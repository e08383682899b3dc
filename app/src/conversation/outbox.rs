//! Texts on their way to the server: shown at once, sent one after the other, retried until they are answered.

use super::Entry;
use super::log::newest;
use protocol::{Cursor, MessageId, MessageText, Problem};

/// The longest first pause before a retry, in milliseconds.
const FIRST_MS: u64 = 500;
/// The longest pause of all, in milliseconds.
const LONGEST_MS: u64 = 20_000;

/// The texts that this page sends to the open conversation, until they appear in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Outbox {
    unsent: Vec<Unsent>,
    /// How many texts were stored or refused, and what became of the latest.
    outcomes: u64,
    outcome: Option<Stage>,
}

/// A text on its way.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Unsent {
    /// The idempotency key: the same for every retry.
    pub key: String,
    /// The text.
    pub text: MessageText,
    /// When it was written, in milliseconds since 1970.
    pub written_ms: i64,
    /// How far it is.
    pub stage: Stage,
    /// The newest stored message when it was first sent, once it was: its own copy comes after that.
    after: Option<Option<Cursor>>,
}

/// How far a text is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Stage {
    /// Being sent, or waiting for those before it.
    Sending,
    /// Unanswered so many times, and sent again.
    Retrying(u32),
    Stored(Stored),
    /// Refused, and not retried by itself.
    Refused(Problem),
}

/// A stored text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stored {
    /// The message's id.
    pub id: MessageId,
    /// Whether it has reached its recipients, and not only a queue.
    pub is_delivered: bool,
    /// Whether nobody has claimed the recipient's address.
    pub is_unclaimed: bool,
}

/// The outcome of sending a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    /// It is stored.
    Stored(Stored),
    /// It never will be.
    Refused(Problem),
    /// Not known: retry after at least so many milliseconds.
    Unknown(u64),
}

impl Answer {
    /// A text without an answer that is too old to be sent again is its writer's decision.
    pub(crate) fn or_ask(self, is_old: bool) -> Self {
        match self {
            Self::Unknown(_) if is_old => Self::Refused(maybe_sent()),
            answer => answer,
        }
    }
}

impl Outbox {
    /// Adds a text that was just written.
    pub(crate) fn write(&mut self, key: String, text: MessageText, written_ms: i64) {
        self.unsent.push(Unsent {
            key,
            text,
            written_ms,
            stage: Stage::Sending,
            after: None,
        });
    }

    /// Adds a text that another page was sending. One that is old may have been stored and forgotten: its writer is asked.
    pub(crate) fn resume(&mut self, key: String, text: MessageText, written_ms: i64, is_old: bool) {
        if self.get(&key).is_some() {
            return;
        }
        self.write(key, text, written_ms);
        if let Some(unsent) = self.unsent.last_mut().filter(|_| is_old) {
            unsent.stage = Stage::Refused(maybe_sent());
        }
    }

    /// The text to send now: all before it are settled. `entries` are the stored messages.
    pub(crate) fn next(&mut self, entries: &[Entry]) -> Option<Unsent> {
        let is_due =
            |unsent: &&mut Unsent| matches!(unsent.stage, Stage::Sending | Stage::Retrying(_));
        let next = self.unsent.iter_mut().find(is_due)?;
        // As of the first try: a later one may follow a lost answer.
        next.after.get_or_insert_with(|| newest(entries));
        Some(next.clone())
    }

    /// Notes an answer; returns the pause before the next try in milliseconds. `roll` is random from 0 to below 1.
    pub(crate) fn settle(&mut self, key: &str, answer: Answer, roll: f64) -> u64 {
        let Some(unsent) = self.unsent.iter_mut().find(|unsent| unsent.key == key) else {
            return 0;
        };
        let failures = match unsent.stage {
            Stage::Retrying(failures) => failures,
            _ => 0,
        };
        let (stage, pause_ms) = match answer {
            Answer::Stored(stored) => (Stage::Stored(stored), 0),
            Answer::Refused(problem) => (Stage::Refused(problem), 0),
            Answer::Unknown(least_ms) => (
                Stage::Retrying(failures + 1),
                least_ms.max(pause_ms(failures, roll)),
            ),
        };
        if !matches!(stage, Stage::Retrying(_)) {
            self.outcomes += 1;
            self.outcome = Some(stage.clone());
        }
        unsent.stage = stage;
        pause_ms
    }

    /// How many texts of this page were stored or refused.
    pub(crate) fn outcomes(&self) -> u64 {
        self.outcomes
    }

    /// What became of the latest of them.
    pub(crate) fn outcome(&self) -> Option<&Stage> {
        self.outcome.as_ref()
    }

    /// Sends a refused text once more, under a new key.
    pub(crate) fn retry(&mut self, key: &str, new_key: String, now_ms: i64) {
        if let Some(unsent) = self.take(key) {
            self.write(new_key, unsent.text, now_ms);
        }
    }

    /// Removes a text.
    pub(crate) fn take(&mut self, key: &str) -> Option<Unsent> {
        let at = self.unsent.iter().position(|unsent| unsent.key == key)?;
        Some(self.unsent.remove(at))
    }

    /// Removes the texts whose copies are among the stored messages.
    pub(crate) fn forget(&mut self, entries: &[Entry]) {
        let has_come = |id: &MessageId| entries.iter().any(|entry| entry.id == *id);
        self.unsent.retain(
            |unsent| !matches!(&unsent.stage, Stage::Stored(stored) if has_come(&stored.id)),
        );
    }

    /// The texts to show below the stored messages: not those whose copy arrived before the answer.
    pub(crate) fn shown(&self, entries: &[Entry]) -> Vec<Unsent> {
        let mut copies: Vec<&Entry> = entries.iter().filter(|entry| entry.is_own).collect();
        let mut shown = Vec::new();
        for unsent in &self.unsent {
            let is_copy = |entry: &&Entry| match &unsent.stage {
                Stage::Stored(stored) => entry.id == stored.id,
                Stage::Refused(_) => false,
                // A text that was never sent has no copy.
                Stage::Sending | Stage::Retrying(_) => unsent
                    .after
                    .is_some_and(|after| Some(entry.cursor) > after && entry.text == unsent.text),
            };
            match copies.iter().position(is_copy) {
                Some(at) => drop(copies.remove(at)),
                None => shown.push(unsent.clone()),
            }
        }
        shown
    }

    /// The text with that key.
    pub(crate) fn get(&self, key: &str) -> Option<&Unsent> {
        self.unsent.iter().find(|unsent| unsent.key == key)
    }
}

/// Grows with every failure, and is random within the second half of its bound.
fn pause_ms(failures: u32, roll: f64) -> u64 {
    let bound_ms = FIRST_MS
        .saturating_mul(1 << failures.min(16))
        .min(LONGEST_MS);
    (bound_ms as f64 * (0.5 + roll / 2.0)) as u64
}

/// Why a text is not sent again unasked.
fn maybe_sent() -> Problem {
    Problem::new(408, "maybe-sent", "This may have been sent already")
        .with_detail("It is a day old. Send it again only if it is not in the conversation.")
}

/// Reads an answer other than success: its status, its problem, and how many seconds it asks to wait.
pub(super) fn read_answer(
    status: u16,
    problem: Option<Problem>,
    retry_after: Option<u64>,
) -> Answer {
    match status {
        408 | 425 | 429 | 500.. => {
            Answer::Unknown(retry_after.unwrap_or_default().saturating_mul(1000))
        }
        _ => {
            let unclear = || Problem::new(status, "about:blank", "The server refused it");
            Answer::Refused(problem.unwrap_or_else(unclear))
        }
    }
}
