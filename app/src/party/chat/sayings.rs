//! What this page says in a room: shown at once, sent one after the other.
//!
//! A room knows no keys: what is sent twice may be said twice. So each is sent once, and where no answer tells
//! what became of it, the line itself does once it comes, or the one who said it decides.

use super::log::newest;
use protocol::{ChatMessage, Cursor, MessageText, Problem};

/// What the page says that has not come into the room yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sayings {
    all: Vec<Saying>,
    next_key: u32,
}

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Saying {
    /// What it is called on this page.
    pub key: u32,
    /// What it says.
    pub text: MessageText,
    /// When it was written, in milliseconds since 1970.
    pub written_ms: i64,
    /// How far it is.
    pub stage: Stage,
    /// The room's newest line as it was sent, if it was: its own line comes after that.
    after: Option<Option<Cursor>>,
}

/// How far something is that the page says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Stage {
    /// It is sent, or waits until those before it are.
    Sending,
    /// It is said, as that line.
    Said(ChatMessage),
    /// Nobody told whether it was said.
    Unsure,
    /// It was refused.
    Refused(Problem),
}

impl Sayings {
    /// Takes what was just written.
    pub(crate) fn write(&mut self, text: MessageText, written_ms: i64) {
        let key = self.next_key;
        self.next_key += 1;
        self.all.push(Saying {
            key,
            text,
            written_ms,
            stage: Stage::Sending,
            after: None,
        });
    }

    /// The one to send now. The room's lines are as they are then.
    pub(crate) fn next(&mut self, lines: &[ChatMessage]) -> Option<Saying> {
        let due = |saying: &&mut Saying| saying.stage == Stage::Sending;
        let next = self.all.iter_mut().find(due)?;
        next.after = Some(newest(lines));
        Some(next.clone())
    }

    /// Notes what came of it.
    pub(crate) fn settle(&mut self, key: u32, stage: Stage) {
        if let Some(saying) = self.all.iter_mut().find(|saying| saying.key == key) {
            saying.stage = stage;
        }
    }

    /// Takes one back.
    pub(crate) fn take(&mut self, key: u32) -> Option<Saying> {
        let at = self.all.iter().position(|saying| saying.key == key)?;
        Some(self.all.remove(at))
    }

    /// The one of that key.
    pub(crate) fn get(&self, key: u32) -> Option<&Saying> {
        self.all.iter().find(|saying| saying.key == key)
    }

    /// Those to show beneath the lines: not those whose line is there, be it before the answer is.
    pub(crate) fn shown(&self, own: &[&ChatMessage]) -> Vec<u32> {
        let keys = self.all.iter().map(|saying| saying.key);
        let lines = self.lines_of(own);
        let shown = keys.zip(lines).filter(|(_, line)| line.is_none());
        shown.map(|(key, _)| key).collect()
    }

    /// Forgets those whose line is there.
    pub(crate) fn forget(&mut self, own: &[&ChatMessage]) {
        let lines = self.lines_of(own);
        let mut gone = Vec::new();
        let mut lines = lines.into_iter();
        self.all.retain(|saying| match lines.next().flatten() {
            Some(line) if saying.stage != Stage::Sending => {
                gone.push((saying.text.clone(), line));
                false
            }
            _ => true,
        });
        // A line is one saying's: others with the same words come after it.
        for (text, line) in gone {
            let alike = self.all.iter_mut().filter(|saying| saying.text == text);
            for after in alike.filter_map(|saying| saying.after.as_mut()) {
                *after = (*after).max(Some(line));
            }
        }
    }

    /// For each, where its line stands among the visitor's own.
    fn lines_of(&self, own: &[&ChatMessage]) -> Vec<Option<Cursor>> {
        let mut left = own.to_vec();
        let mut find = |saying: &Saying| {
            let is_its = |line: &&ChatMessage| match &saying.stage {
                Stage::Said(said) => line.cursor == said.cursor,
                Stage::Refused(_) => false,
                // What was never sent has no line.
                Stage::Sending | Stage::Unsure => saying
                    .after
                    .is_some_and(|after| Some(line.cursor) > after && line.message == saying.text),
            };
            let at = left.iter().position(is_its)?;
            Some(left.remove(at).cursor)
        };
        self.all.iter().map(&mut find).collect()
    }
}
