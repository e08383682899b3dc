//! A mailbox as its owner's pages show it.

use crate::live::Topic;

use super::{Cursor, MailAddress, Message, MessageId};
use serde::{Deserialize, Serialize};

/// An entry of a mailbox: a message that came, or one that its owner wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// The mailbox's revision with which it came: rising, without gaps that mean anything.
    pub rev: u64,
    /// Whether the mailbox's owner wrote it.
    pub is_own: bool,
    /// The message. For an own one, `verified` is true.
    pub message: Message,
}

impl Letter {
    /// With whom it is: the other one of sender and recipient.
    #[must_use]
    pub fn with(&self) -> &MailAddress {
        match self.is_own {
            true => &self.message.to,
            false => &self.message.from,
        }
    }
}

/// How many letters of someone the owner has not seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// Who wrote them.
    pub with: MailAddress,
    /// How many.
    pub count: u32,
}

/// A letter that another cluster has not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Which.
    pub id: MessageId,
    /// How often it was tried.
    pub attempts: u32,
    /// Why the last try did not help, in words a person understands; empty before the first.
    pub reason: String,
    /// Whether it was given up: nobody tries again.
    pub has_failed: bool,
}

/// What of a mailbox is news: in frames, and as a page begins.
///
/// It is state and not history: whoever missed one needs only the next, and [`from_rev`](Self::from_rev) tells
/// whether letters are missing between.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// Whose it is.
    pub address: MailAddress,
    /// Its revision: each change raises it.
    pub rev: u64,
    /// `letters` are all that came after this revision.
    pub from_rev: u64,
    /// The newest letters, oldest first.
    pub letters: Vec<Letter>,
    /// Whose letters are unseen, and how many: the hundred newest at most.
    pub unread: Vec<Unread>,
    /// Own letters that wait for another cluster, or that it did not take: the hundred newest at most.
    pub waiting: Vec<Waiting>,
}

/// The newest letters of a mailbox, by its address: for its owner only.
pub struct MailboxTopic;

impl Topic for MailboxTopic {
    const NAME: &'static str = "mailbox";
    type Key = MailAddress;
    type State = Mailbox;
}

/// A part of what the owner and somebody wrote each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// Letters of both, oldest first.
    pub letters: Vec<Letter>,
    /// What to ask for to get those before; nothing where these are the first that are kept.
    pub before: Option<Cursor>,
}
