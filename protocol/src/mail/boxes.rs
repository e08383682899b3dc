//! Mailboxes as their owners' pages show them.

use crate::live::Topic;

use super::{Cursor, MailAddress, Message, MessageId};
use serde::{Deserialize, Serialize};

/// A message in a mailbox: one that came, or one that its owner sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// The mailbox's revision that added it: increasing, with meaningless gaps.
    pub rev: u64,
    /// Whether the mailbox's owner sent it.
    pub is_own: bool,
    /// The message. For an own one, `verified` is true.
    pub message: Message,
}

impl Letter {
    /// The correspondent: whichever of sender and recipient is not the owner.
    #[must_use]
    pub fn with(&self) -> &MailAddress {
        match self.is_own {
            true => &self.message.to,
            false => &self.message.from,
        }
    }
}

/// The number of unseen letters from a correspondent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// The correspondent.
    pub with: MailAddress,
    /// The number.
    pub count: u32,
}

/// A letter that another cluster has not accepted yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Its id.
    pub id: MessageId,
    /// How many times delivery was tried.
    pub attempts: u32,
    /// Why the last try failed, in plain words; empty before the first.
    pub reason: String,
    /// Whether delivery failed for good.
    pub has_failed: bool,
}

/// A mailbox's state, in frames and when a page loads.
///
/// It is state, not history: after a missed one, the next suffices, and [`from_rev`](Self::from_rev) says whether letters
/// are missing in between.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// Its address.
    pub address: MailAddress,
    /// Its revision: each change raises it.
    pub rev: u64,
    /// `letters` contains everything after this revision.
    pub from_rev: u64,
    /// The newest letters, oldest first.
    pub letters: Vec<Letter>,
    /// Correspondents with unseen letters, up to the hundred newest.
    pub unread: Vec<Unread>,
    /// Own letters that wait for another cluster or that it rejected, up to the hundred newest.
    pub waiting: Vec<Waiting>,
}

/// The newest letters of a mailbox, by its address: for its owner only.
pub struct MailboxTopic;

impl Topic for MailboxTopic {
    const NAME: &'static str = "mailbox";
    type Key = MailAddress;
    type State = Mailbox;
}

/// Part of the conversation with a correspondent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// Letters of both, oldest first.
    pub letters: Vec<Letter>,
    /// Where to continue to get older ones; `None` if these are the oldest.
    pub before: Option<Cursor>,
}
