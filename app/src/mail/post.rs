//! A mailbox as a page knows it, and the rules by which news changes it.
//!
//! What is known never goes back to an older revision while the same server tells of it. News that begins after
//! what is known leaves a gap: then the page asks for what lies between, by the same way as for older letters.

use protocol::{
    Conversation, Cursor, Letter, MailAddress, MailState, Mailbox, MessageId, Unread, Waiting,
};

/// A mailbox, without clock, socket or document.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Post {
    address: MailAddress,
    rev: u64,
    /// The newest letter of each conversation, newest first.
    talks: Vec<Letter>,
    unread: Vec<Unread>,
    waiting: Vec<Waiting>,
    thread: Option<Thread>,
    /// Set from a later welcome until the first news after it: another server may know less, or Redis came back
    /// older.
    is_fresh: bool,
    was_welcomed: bool,
}

/// The open conversation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Thread {
    /// Whom it is with.
    pub with: MailAddress,
    /// The letters that are shown, oldest first.
    pub letters: Vec<Letter>,
    /// What to ask for to get those before.
    pub before: Option<Cursor>,
    /// Whether newer ones follow that are not shown.
    is_past: bool,
    /// The newest letter before a gap, where there is one.
    gap_after: Option<Option<Cursor>>,
}

impl Post {
    /// What the server's HTML shows; nothing where the visitor has no mailbox.
    pub(crate) fn new(state: &MailState) -> Option<Self> {
        let Mailbox {
            address,
            rev,
            unread,
            waiting,
            ..
        } = state.mailbox.clone()?;
        let thread = state.with.clone().map(|with| {
            let shown = state.conversation.clone();
            let Conversation { letters, before } = shown.unwrap_or(Conversation {
                letters: Vec::new(),
                before: None,
            });
            Thread {
                with,
                letters,
                before,
                is_past: state.is_past,
                gap_after: None,
            }
        });
        let mut post = Self {
            address,
            rev,
            talks: Vec::new(),
            unread,
            waiting,
            thread: None,
            is_fresh: false,
            was_welcomed: false,
        };
        state
            .conversations
            .iter()
            .for_each(|letter| post.put(letter));
        post.thread = thread;
        Some(post)
    }

    /// A server has welcomed the page.
    pub(crate) fn welcome(&mut self) {
        self.is_fresh = self.was_welcomed;
        self.was_welcomed = true;
    }

    /// Takes news in; true where it leaves a gap that is to be filled.
    pub(crate) fn hear(&mut self, news: Mailbox) -> bool {
        if news.address != self.address || (news.rev < self.rev && !self.is_fresh) {
            return false;
        }
        self.is_fresh = false;
        // A lower revision is of another life: nothing tells what lies between.
        let has_gap = news.from_rev > self.rev || news.rev < self.rev;
        if let Some(thread) = self.thread.as_mut().filter(|_| has_gap) {
            thread.gap_after.get_or_insert(newest(&thread.letters));
        }
        (self.rev, self.unread, self.waiting) = (news.rev, news.unread, news.waiting);
        news.letters.iter().for_each(|letter| self.put(letter));
        has_gap
    }

    /// Takes in the newest letter of each conversation.
    pub(crate) fn hear_talks(&mut self, talks: &[Letter]) {
        talks.iter().for_each(|letter| self.put(letter));
    }

    /// Takes in the open conversation's newest letters, after a gap.
    pub(crate) fn catch_up(&mut self, newest: Conversation) {
        let Some(thread) = &mut self.thread else {
            return;
        };
        let known = thread.gap_after.take().flatten();
        let first = newest.letters.first().map(|letter| letter.message.cursor);
        let meets = newest.before.is_none()
            || known
                .zip(first)
                .is_some_and(|(known, first)| first <= known);
        if !meets {
            // What lies between would be missing: older letters are asked for again as the reader gets there.
            thread
                .letters
                .retain(|letter| Some(letter.message.cursor) >= first);
            thread.before = newest.before;
        }
        newest.letters.iter().for_each(|letter| thread.put(letter));
    }

    /// Takes in the open conversation's letters before those that are shown.
    pub(crate) fn look_back(&mut self, older: Conversation) {
        if let Some(thread) = &mut self.thread {
            thread.before = older.before;
            older.letters.iter().for_each(|letter| thread.put(letter));
        }
    }

    /// The open conversation has been seen; false where nothing in it was unseen.
    pub(crate) fn see(&mut self) -> bool {
        let Some(with) = self
            .thread
            .as_ref()
            .filter(|thread| !thread.is_past)
            .map(|thread| &thread.with)
        else {
            return false;
        };
        let before = self.unread.len();
        self.unread.retain(|unread| unread.with != *with);
        self.unread.len() < before
    }

    fn put(&mut self, letter: &Letter) {
        let others = |known: &Letter| known.with() != letter.with();
        let is_newer = |known: &Letter| known.message.cursor > letter.message.cursor;
        if self
            .talks
            .iter()
            .all(|known| others(known) || !is_newer(known))
        {
            self.talks.retain(others);
            let at = self
                .talks
                .iter()
                .take_while(|known| is_newer(known))
                .count();
            self.talks.insert(at, letter.clone());
        }
        if let Some(thread) = self
            .thread
            .as_mut()
            .filter(|thread| !thread.is_past && thread.with == *letter.with())
        {
            thread.put(letter);
        }
    }
}

/// What the page shows.
impl Post {
    /// Whose mailbox it is.
    pub(crate) fn address(&self) -> &MailAddress {
        &self.address
    }

    /// The newest letter of each conversation, newest first.
    pub(crate) fn talks(&self) -> &[Letter] {
        &self.talks
    }

    /// The open conversation.
    pub(crate) fn thread(&self) -> Option<&Thread> {
        self.thread.as_ref()
    }

    /// How many letters of somebody are unseen.
    pub(crate) fn unread_of(&self, with: &MailAddress) -> u32 {
        let found = self.unread.iter().find(|unread| unread.with == *with);
        found.map_or(0, |unread| unread.count)
    }

    /// How many are unseen in all.
    pub(crate) fn unread(&self) -> u32 {
        self.unread
            .iter()
            .map(|unread| unread.count)
            .fold(0, u32::saturating_add)
    }

    /// What a letter waits for, if it does.
    pub(crate) fn waiting_of(&self, id: &MessageId) -> Option<&Waiting> {
        self.waiting.iter().find(|waiting| waiting.id == *id)
    }
}

impl Thread {
    /// Puts a letter where it belongs; one that is there already, or that its writer sent to themselves, once.
    fn put(&mut self, letter: &Letter) {
        if let Some(known) = self
            .letters
            .iter_mut()
            .find(|known| known.message.id == letter.message.id)
        {
            if letter.is_own && !known.is_own {
                *known = letter.clone();
            }
            return;
        }
        let cursor = letter.message.cursor;
        let at = self
            .letters
            .partition_point(|known| known.message.cursor < cursor);
        self.letters.insert(at, letter.clone());
    }

    /// The newest letter that the other one wrote.
    pub(crate) fn newest_of_theirs(&self) -> Option<&Letter> {
        self.letters.iter().rev().find(|letter| !letter.is_own)
    }

    /// Whether newer letters follow that are not shown.
    pub(crate) fn is_past(&self) -> bool {
        self.is_past
    }
}

/// Where the newest of these stands.
pub(crate) fn newest(letters: &[Letter]) -> Option<Cursor> {
    letters.last().map(|letter| letter.message.cursor)
}
