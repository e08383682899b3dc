//! Letters on their way to the server: shown at once, sent one after the other, again until they are answered.

use super::post::newest;
use protocol::{Cursor, Letter, MessageId, MessageSent, MessageText, Problem};

/// The longest first pause before a letter is sent again, in milliseconds.
const FIRST_MS: u64 = 500;
/// The longest pause of all, in milliseconds.
const LONGEST_MS: u64 = 20_000;

/// The open conversation's letters that this page sends.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Outgoing {
    sent: Vec<Sent>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sent {
    /// What makes sending it again the same sending.
    pub key: String,
    /// What it says.
    pub text: MessageText,
    /// When it was written, in milliseconds since 1970.
    pub written_ms: i64,
    /// How far it is.
    pub stage: Stage,
    /// The conversation's newest letter as it was first sent, if it was: its own copy comes after that.
    after: Option<Option<Cursor>>,
}

/// How far a letter is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Stage {
    /// It is sent, or waits until those before it are.
    Sending,
    /// There was no answer so often: it is sent again.
    Again(u32, Trouble),
    /// It is stored.
    Stored(MessageSent),
    /// It was refused, and is not sent again by itself.
    Refused(Problem),
}

/// Why there was no answer that settles it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The server was not reached.
    Unreached,
    /// The server was, and asked to wait.
    Busy,
}

/// What came of sending one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    /// It is stored.
    Stored(MessageSent),
    /// It will never be.
    Refused(Problem),
    /// Nobody knows: send it again, not before so many milliseconds are over.
    Unknown(Trouble, u64),
}

impl Outgoing {
    /// Takes a letter that was just written.
    pub(crate) fn write(&mut self, key: String, text: MessageText, written_ms: i64) {
        self.sent.push(Sent {
            key,
            text,
            written_ms,
            stage: Stage::Sending,
            after: None,
        });
    }

    /// The one to send now: those before it are settled. The thread is as it stands then.
    pub(crate) fn next(&mut self, thread: &[Letter]) -> Option<Sent> {
        let due = |sent: &&mut Sent| matches!(sent.stage, Stage::Sending | Stage::Again(..));
        let next = self.sent.iter_mut().find(due)?;
        // As it was before the first time: the answer may be what got lost.
        next.after.get_or_insert_with(|| newest(thread));
        Some(next.clone())
    }

    /// Notes what came of it; the pause in milliseconds before the next, where there is to be one. `roll` is a
    /// random number from 0 to below 1.
    pub(crate) fn settle(&mut self, key: &str, answer: Answer, roll: f64) -> u64 {
        let Some(sent) = self.of(key) else {
            return 0;
        };
        let failures = match sent.stage {
            Stage::Again(failures, _) => failures,
            _ => 0,
        };
        let (stage, pause_ms) = match answer {
            Answer::Stored(message) => (Stage::Stored(message), 0),
            Answer::Refused(problem) => (Stage::Refused(problem), 0),
            Answer::Unknown(trouble, least_ms) => (
                Stage::Again(failures + 1, trouble),
                least_ms.max(pause_ms(failures, roll)),
            ),
        };
        sent.stage = stage;
        pause_ms
    }

    /// Sends a refused letter once more, as a new one.
    pub(crate) fn retry(&mut self, key: &str, new_key: String) {
        if let Some(mut sent) = self.take(key) {
            (sent.key, sent.stage, sent.after) = (new_key, Stage::Sending, None);
            self.sent.push(sent);
        }
    }

    /// Takes a letter back.
    pub(crate) fn take(&mut self, key: &str) -> Option<Sent> {
        let at = self.sent.iter().position(|sent| sent.key == key)?;
        Some(self.sent.remove(at))
    }

    /// Forgets those whose copy has come into the conversation.
    pub(crate) fn forget(&mut self, thread: &[Letter]) {
        let has_come = |id: &MessageId| thread.iter().any(|letter| letter.message.id == *id);
        self.sent
            .retain(|sent| !matches!(&sent.stage, Stage::Stored(stored) if has_come(&stored.id)));
    }

    /// Those to show beneath the conversation: not those whose copy is there before the answer is.
    pub(crate) fn shown(&self, thread: &[Letter]) -> Vec<Sent> {
        let mut copies: Vec<&Letter> = thread.iter().filter(|letter| letter.is_own).collect();
        let mut shown = Vec::new();
        for sent in &self.sent {
            let is_copy = |letter: &&Letter| match &sent.stage {
                Stage::Stored(stored) => letter.message.id == stored.id,
                Stage::Refused(_) => false,
                // One that was never sent has no copy.
                _ => sent.after.is_some_and(|after| {
                    Some(letter.message.cursor) > after && letter.message.message == sent.text
                }),
            };
            match copies.iter().position(is_copy) {
                Some(at) => drop(copies.remove(at)),
                None => shown.push(sent.clone()),
            }
        }
        shown
    }

    /// The one of that key.
    pub(crate) fn get(&self, key: &str) -> Option<&Sent> {
        self.sent.iter().find(|sent| sent.key == key)
    }

    fn of(&mut self, key: &str) -> Option<&mut Sent> {
        self.sent.iter_mut().find(|sent| sent.key == key)
    }

    /// Those that are not settled, to be remembered while the page is loaded again.
    pub(crate) fn unsettled(&self) -> impl Iterator<Item = &Sent> {
        self.sent
            .iter()
            .filter(|sent| !matches!(sent.stage, Stage::Stored(_)))
    }
}

/// Grows with every failure, and is random within the second half of its bound.
fn pause_ms(failures: u32, roll: f64) -> u64 {
    let bound_ms = FIRST_MS
        .saturating_mul(1 << failures.min(16))
        .min(LONGEST_MS);
    (bound_ms as f64 * (0.5 + roll / 2.0)) as u64
}

/// What an answer of that status means; the problem that came with it, and for how many seconds it asks to wait.
pub(crate) fn read_answer(
    status: u16,
    problem: Option<Problem>,
    retry_after: Option<u64>,
) -> Answer {
    let wait_ms = retry_after.unwrap_or_default().saturating_mul(1000);
    match status {
        408 | 425 | 429 | 500.. => Answer::Unknown(Trouble::Busy, wait_ms),
        _ => {
            let unclear = || Problem::new(status, "about:blank", "The server did not take it");
            Answer::Refused(problem.unwrap_or_else(unclear))
        }
    }
}
