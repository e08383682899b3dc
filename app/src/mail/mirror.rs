//! A mailbox as a page knows it, and how news changes it.
//!
//! It never goes back to an older revision of the same server. News that begins after what is known leaves a gap: the
//! page then loads the list of conversations, and the open conversation fills its own.

use protocol::{Letter, MailAddress, MailState, Mailbox, MessageId, Unread, Waiting};

/// A mailbox, without clock, socket or document. The letters of the open conversation are in its own log.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MailboxMirror {
    address: MailAddress,
    rev: u64,
    /// The newest letter of each conversation, newest first.
    conversations: Vec<Letter>,
    unread: Vec<Unread>,
    waiting: Vec<Waiting>,
    /// Set from a reconnect until the first news after it: another server may know less.
    is_fresh: bool,
    was_welcomed: bool,
}

/// What the open conversation needs of accepted news.
#[derive(Debug, PartialEq)]
pub(crate) struct NewLetters {
    /// The new letters, of all conversations.
    pub letters: Vec<Letter>,
    /// Whether others are missing before them.
    pub has_gap: bool,
}

impl MailboxMirror {
    /// What the server rendered; `None` where the visitor has no mailbox.
    pub(crate) fn new(state: &MailState) -> Option<Self> {
        let Mailbox {
            address,
            rev,
            unread,
            waiting,
            ..
        } = state.mailbox.clone()?;
        let mut mirror = Self {
            address,
            rev,
            conversations: Vec::new(),
            unread,
            waiting,
            is_fresh: false,
            was_welcomed: false,
        };
        mirror.hear_conversations(&state.conversations);
        Some(mirror)
    }

    /// Notes that a server has welcomed the page.
    pub(crate) fn welcome(&mut self) {
        self.is_fresh = self.was_welcomed;
        self.was_welcomed = true;
    }

    /// Takes in news; `None` where it is outdated or another mailbox's.
    pub(crate) fn hear(&mut self, news: Mailbox) -> Option<NewLetters> {
        if news.address != self.address || (news.rev < self.rev && !self.is_fresh) {
            return None;
        }
        self.is_fresh = false;
        // After a lower revision, nothing tells what is missing.
        let has_gap = news.from_rev > self.rev || news.rev < self.rev;
        (self.rev, self.unread, self.waiting) = (news.rev, news.unread, news.waiting);
        self.hear_conversations(&news.letters);
        Some(NewLetters {
            letters: news.letters,
            has_gap,
        })
    }

    /// Takes in letters that may be the newest of their conversations.
    pub(crate) fn hear_conversations(&mut self, letters: &[Letter]) {
        letters.iter().for_each(|letter| self.put(letter));
    }

    /// Marks a conversation as seen; false where nothing in it was unseen.
    pub(crate) fn see(&mut self, with: &MailAddress) -> bool {
        let before = self.unread.len();
        self.unread.retain(|unread| unread.with != *with);
        self.unread.len() < before
    }

    fn put(&mut self, letter: &Letter) {
        let is_other = |known: &Letter| known.with() != letter.with();
        let is_newer = |known: &Letter| known.message.cursor > letter.message.cursor;
        let conversations = &mut self.conversations;
        if conversations
            .iter()
            .all(|known| is_other(known) || !is_newer(known))
        {
            conversations.retain(is_other);
            let newer = conversations.iter().take_while(|known| is_newer(known));
            let at = newer.count();
            conversations.insert(at, letter.clone());
        }
    }
}

/// What the page shows.
impl MailboxMirror {
    /// Whose mailbox it is.
    pub(crate) fn address(&self) -> &MailAddress {
        &self.address
    }

    /// The newest letter of each conversation, newest first.
    pub(crate) fn conversations(&self) -> &[Letter] {
        &self.conversations
    }

    /// How many letters of somebody are unread.
    pub(crate) fn unread_of(&self, with: &MailAddress) -> u32 {
        let found = self.unread.iter().find(|unread| unread.with == *with);
        found.map_or(0, |unread| unread.count)
    }

    /// How many letters are unread in all.
    pub(crate) fn unread(&self) -> u32 {
        self.unread
            .iter()
            .map(|unread| unread.count)
            .fold(0, u32::saturating_add)
    }

    /// Why a letter is not delivered, if it is not.
    pub(crate) fn waiting_of(&self, id: &MessageId) -> Option<&Waiting> {
        self.waiting.iter().find(|waiting| waiting.id == *id)
    }
}
