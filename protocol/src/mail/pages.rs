//! What mail's pages are rendered from.

use super::{Conversation, Letter, MailAddress, Mailbox};
use crate::{PageState, Problem, RegionCode};
use serde::{Deserialize, Serialize};

/// The number of letters of a conversation that a page loads at a time.
pub const CONVERSATION_MAX: usize = 50;

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
