//! The stored messages that a page knows, and how news changes them.
//!
//! News that does not reach back to what is known leaves a gap, which the page asks the server to fill. If one answer
//! does not fill it, what lies before the answer is dropped and loaded again when the reader gets there.

use protocol::{Cursor, MessageId, MessageText};

/// A stored message: a chat message or a letter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// The same in every copy.
    pub id: MessageId,
    /// Its place in the conversation.
    pub cursor: Cursor,
    /// Whether the reader wrote it.
    pub is_own: bool,
    /// The author's name; `None` is shown as "You".
    pub author: Option<String>,
    /// Whether nobody had claimed the author's address.
    pub is_unverified: bool,
    /// Whether nobody had claimed the recipient's address.
    pub is_unclaimed: bool,
    /// The text.
    pub text: MessageText,
    /// When it was sent (RFC 3339, UTC).
    pub sent_at: String,
}

/// Consecutive messages, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct EntryPage {
    /// The messages.
    pub entries: Vec<Entry>,
    /// The newest message before them; `None` where these are the oldest that are kept.
    pub before: Option<Cursor>,
}

/// The messages of a conversation, without clock, socket or document.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Log {
    /// Oldest first.
    entries: Vec<Entry>,
    /// Where older messages end; `None` where there are none.
    before: Option<Cursor>,
    /// How many messages are kept.
    kept_max: usize,
    /// Whether newer messages follow that are not shown.
    is_past: bool,
    gap: Option<Gap>,
    /// How often a gap was opened or moved.
    gaps: u32,
    /// Set from a reconnect until the first news after it: Redis may have come back older.
    is_fresh: bool,
    was_welcomed: bool,
}

/// Missing messages between known ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Gap {
    /// The newest known message before it.
    after: Option<Cursor>,
    /// Its last message; `None` where it may reach up to the newest.
    pub up_to: Option<Cursor>,
    /// Tells it from the gap that it was before more went missing.
    number: u32,
}

impl Log {
    /// What the server rendered: the newest messages, or older ones if `is_past`.
    pub(crate) fn new(rendered: EntryPage, is_past: bool, kept_max: usize) -> Self {
        Self {
            entries: rendered.entries,
            before: rendered.before,
            kept_max,
            is_past,
            gap: None,
            gaps: 0,
            is_fresh: false,
            was_welcomed: false,
        }
    }

    /// Notes that a server has welcomed the page.
    pub(crate) fn welcome(&mut self) {
        self.is_fresh = self.was_welcomed;
        self.was_welcomed = true;
    }

    /// Takes in the newest messages.
    pub(crate) fn hear(&mut self, news: EntryPage) {
        if self.is_past {
            return;
        }
        let is_fresh = std::mem::take(&mut self.is_fresh);
        let known = newest(&self.entries);
        let has_less = is_fresh && newest(&news.entries) < known;
        let Some(known) = known.filter(|_| !has_less) else {
            (self.entries, self.before, self.gap) = (news.entries, news.before, None);
            return;
        };
        match news.before {
            // These are all there are.
            None => (self.before, self.gap) = (None, None),
            Some(up_to) if up_to > known => self.open_gap(Some(up_to)),
            Some(_) => {}
        }
        self.insert(news.entries);
    }

    /// Takes in new messages that may not be the only ones.
    pub(crate) fn add(&mut self, entries: impl IntoIterator<Item = Entry>) {
        if !self.is_past {
            self.insert(entries);
        }
    }

    /// Notes that messages up to that one are missing, or up to the newest.
    pub(crate) fn open_gap(&mut self, up_to: Option<Cursor>) {
        if self.is_past {
            return;
        }
        let after = self.gap.map_or(newest(&self.entries), |gap| gap.after);
        self.gaps += 1;
        let number = self.gaps;
        self.gap = Some(Gap {
            after,
            up_to,
            number,
        });
    }

    /// The gap to fill.
    pub(crate) fn gap(&self) -> Option<Gap> {
        self.gap
    }

    /// Takes in the messages up to the end of a gap.
    pub(crate) fn fill(&mut self, gap: Gap, found: EntryPage) {
        if self.gap.take_if(|open| *open == gap).is_some() {
            let meets = found.before.is_none_or(|before| Some(before) <= gap.after);
            if !meets {
                let first = found.entries.first().map(|entry| entry.cursor);
                self.entries.retain(|entry| Some(entry.cursor) >= first);
                self.before = found.before;
            }
        }
        self.insert(found.entries);
    }

    /// Takes in older messages up to that one, if they still are the ones before.
    pub(crate) fn look_back(&mut self, up_to: Cursor, older: EntryPage) {
        if self.before == Some(up_to) {
            self.before = older.before;
            self.insert(older.entries);
        }
    }

    /// Puts each message in its place once, and drops the oldest beyond what is kept.
    fn insert(&mut self, entries: impl IntoIterator<Item = Entry>) {
        for entry in entries {
            self.put(entry);
        }
        let surplus = self.entries.len().saturating_sub(self.kept_max);
        if surplus > 0 {
            // The server has dropped everything before them, too.
            drop(self.entries.drain(..surplus));
            self.before = None;
        }
    }

    fn put(&mut self, entry: Entry) {
        let mut known = self.entries.iter_mut().rev();
        if let Some(known) = known.find(|known| known.id == entry.id) {
            // Who writes to themselves has two copies.
            if entry.is_own && !known.is_own {
                *known = entry;
            }
            return;
        }
        let at = self
            .entries
            .partition_point(|known| known.cursor < entry.cursor);
        self.entries.insert(at, entry);
    }
}

/// What the page shows.
impl Log {
    /// The messages, oldest first.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Where older messages end; `None` where there are none.
    pub(crate) fn before(&self) -> Option<Cursor> {
        self.before
    }

    /// Whether newer messages follow that are not shown.
    pub(crate) fn is_past(&self) -> bool {
        self.is_past
    }
}

/// The place of the newest of these messages.
pub(super) fn newest(entries: &[Entry]) -> Option<Cursor> {
    entries.last().map(|entry| entry.cursor)
}
