//! A room's lines as a page knows them, and the rules by which news changes them.
//!
//! A frame tells the newest lines. Where it does not reach back to what is known, there is a gap between: the page
//! asks for the lines before the frame's. What lies farther back than one answer is forgotten, and asked for again
//! as the reader gets there.

use protocol::{CHAT_KEPT, Chat, ChatMessage, Cursor};

/// What was said, without clock, socket or document.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ChatLog {
    /// Oldest first.
    lines: Vec<ChatMessage>,
    /// What to ask for to get those before.
    before: Option<Cursor>,
    /// Whether newer ones follow that are not shown.
    is_past: bool,
    gap: Option<Gap>,
    /// Set from a later welcome until the first news after it: Redis may have come back older.
    is_fresh: bool,
    was_welcomed: bool,
}

/// Lines that are not known between two that are.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Gap {
    /// The newest line before it.
    after: Cursor,
    /// The last line of it.
    up_to: Cursor,
}

impl ChatLog {
    /// What the server's HTML shows: the newest lines or, where newer ones follow, others.
    pub(crate) fn new(shown: Chat, is_past: bool) -> Self {
        Self {
            lines: shown.messages,
            before: shown.before,
            is_past,
            gap: None,
            is_fresh: false,
            was_welcomed: false,
        }
    }

    /// A server has welcomed the page.
    pub(crate) fn welcome(&mut self) {
        self.is_fresh = self.was_welcomed;
        self.was_welcomed = true;
    }

    /// Takes the newest lines in.
    pub(crate) fn hear(&mut self, news: Chat) {
        if self.is_past {
            return;
        }
        let is_fresh = std::mem::take(&mut self.is_fresh);
        let known = newest(&self.lines);
        let has_less = is_fresh && newest(&news.messages) < known;
        let Some(known) = known.filter(|_| !has_less) else {
            (self.lines, self.before, self.gap) = (news.messages, news.before, None);
            return;
        };
        match news.before {
            // These are all that there are.
            None => (self.before, self.gap) = (None, None),
            Some(up_to) if up_to > known => {
                let after = self.gap.map_or(known, |gap| gap.after);
                self.gap = Some(Gap { after, up_to });
            }
            Some(_) => {}
        }
        self.put(news.messages);
    }

    /// The last line of a gap, where there is one: what to ask for.
    pub(crate) fn gap(&self) -> Option<Cursor> {
        self.gap.map(|gap| gap.up_to)
    }

    /// Takes in the lines up to that one, which was a gap's last.
    pub(crate) fn fill(&mut self, up_to: Cursor, found: Chat) {
        if let Some(gap) = self.gap.take_if(|gap| gap.up_to == up_to) {
            let meets = found.before.is_none_or(|before| before <= gap.after);
            if !meets {
                let first = found.messages.first().map(|line| line.cursor);
                self.lines.retain(|line| Some(line.cursor) >= first);
                self.before = found.before;
            }
        }
        self.put(found.messages);
    }

    /// Takes in the lines up to that one, which was the last before those that are shown.
    pub(crate) fn look_back(&mut self, up_to: Cursor, older: Chat) {
        if self.before == Some(up_to) {
            self.before = older.before;
            self.put(older.messages);
        }
    }

    /// Puts lines where they belong, each once; no more than a room keeps.
    fn put(&mut self, lines: Vec<ChatMessage>) {
        for line in lines {
            match self
                .lines
                .binary_search_by_key(&line.cursor, |known| known.cursor)
            {
                Ok(_) => {}
                Err(at) => self.lines.insert(at, line),
            }
        }
        let surplus = self.lines.len().saturating_sub(CHAT_KEPT as usize);
        if surplus > 0 {
            // What lay before them is gone from the room, too.
            drop(self.lines.drain(..surplus));
            self.before = None;
        }
    }
}

/// What the page shows.
impl ChatLog {
    /// The lines, oldest first.
    pub(crate) fn messages(&self) -> &[ChatMessage] {
        &self.lines
    }

    /// What to ask for to get those before them; nothing where there are none.
    pub(crate) fn before(&self) -> Option<Cursor> {
        self.before
    }

    /// Whether newer lines follow that are not shown.
    pub(crate) fn is_past(&self) -> bool {
        self.is_past
    }
}

/// Where the newest of these stands.
pub(super) fn newest(lines: &[ChatMessage]) -> Option<Cursor> {
    lines.last().map(|line| line.cursor)
}
