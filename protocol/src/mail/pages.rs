//! Mailboxes, and what mail's pages are rendered from.

use super::{Cursor, MailAddress, MailBlocks, Message, MessageId};
use crate::live::{NoKey, Topic};
use crate::{PageState, Problem, RegionCode};
use serde::{Deserialize, Serialize};

/// The number of letters of a conversation that a page loads at a time.
pub const CONVERSATION_MAX: usize = 50;

/// A message in a mailbox: one that came, or one that its owner sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// The mailbox's revision that added it: increasing, with meaningless gaps.
    pub rev: u64,
    /// Whether the mailbox's owner sent it.
    pub is_own: bool,
    /// Whether nobody had claimed the recipient's address when its owner sent it: nobody can read it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_unclaimed: bool,
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

/// How many letters in their mailbox the viewer has not seen: of each person their own number.
pub struct UnreadLettersTopic;

impl Topic for UnreadLettersTopic {
    const NAME: &'static str = "unread_letters";
    type Key = NoKey;
    type State = u32;
}

/// Part of the conversation with a correspondent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// Letters of both, oldest first.
    pub letters: Vec<Letter>,
    /// Where to continue to get older ones; `None` if these are the oldest.
    pub before: Option<Cursor>,
}

/// What the pages `/mail` and `/mail/{address}` are rendered from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MailState {
    /// What every page is rendered from.
    pub page: PageState,
    /// The visitor's mailbox; `None` before they have chosen a name.
    pub mailbox: Option<Mailbox>,
    /// The newest letter of each conversation, newest first.
    pub conversations: Vec<Letter>,
    /// The open conversation's correspondent; `None` on `/mail`.
    pub with: Option<MailAddress>,
    /// The open conversation's newest letters, or the requested ones.
    pub conversation: Option<Conversation>,
    /// Whether there are newer letters than the requested ones.
    pub is_past: bool,
    /// All regions that mail can be sent to: this cluster's with their aliases, and other clusters'.
    pub places: Vec<MailPlace>,
    /// Whom the visitor blocks.
    #[serde(default)]
    pub blocks: MailBlocks,
    /// Whether Redis was reachable; without it, the mailbox is unknown.
    pub is_known: bool,
    /// How many letters a mailbox keeps.
    pub kept_max: u32,
    /// For how many days it keeps them.
    pub kept_days: u32,
    /// The recipient to fill in, if the visitor followed a link to write to somebody; may be empty.
    pub to: String,
    /// The form that was submitted and rejected.
    pub attempt: Option<MailAttempt>,
}

/// A region that addresses can belong to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailPlace {
    /// A region's code or alias.
    pub code: RegionCode,
    /// The region that an alias stands for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<RegionCode>,
    /// The city, or the other cluster's name.
    pub name: String,
    /// Whether it belongs to another cluster.
    #[serde(default)]
    pub is_elsewhere: bool,
}

/// A form on mail's pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailForm {
    /// Chooses a name.
    Name,
    /// Writes to an address that is typed.
    Write,
    /// Writes in a conversation.
    Reply,
}

/// A form that was submitted and rejected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailAttempt {
    /// Which form.
    pub form: MailForm,
    /// What was typed: a name, or a recipient.
    pub typed: String,
    /// The message that was typed.
    pub draft: String,
    /// What went wrong.
    pub problem: Problem,
}
