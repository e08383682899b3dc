//! What the pages of mail are rendered from.

use super::{Conversation, Letter, MailAddress, Mailbox};
use crate::{PageState, Problem, RegionCode};
use serde::{Deserialize, Serialize};

/// Letters of a conversation that a page begins with, and gets more of at once.
pub const CONVERSATION_MAX: usize = 50;

/// What the pages `/mail` and `/mail/{address}` are rendered from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MailState {
    /// What every page is rendered from.
    pub page: PageState,
    /// The visitor's mailbox; nothing where they have chosen no name yet.
    pub mailbox: Option<Mailbox>,
    /// The newest letter of each conversation, newest first.
    pub conversations: Vec<Letter>,
    /// Whom the open conversation is with; nothing on `/mail`.
    pub with: Option<MailAddress>,
    /// The open conversation's newest letters, or those that were asked for.
    pub conversation: Option<Conversation>,
    /// Whether those that were asked for have newer ones after them.
    pub is_past: bool,
    /// The places that there are: regions of this cluster with their aliases, and other clusters' regions.
    pub places: Vec<MailPlace>,
    /// Whether Redis was in reach: without it, nobody knows what came.
    pub is_known: bool,
    /// How many letters a mailbox keeps.
    pub kept_max: u32,
    /// For how many days it keeps them.
    pub kept_days: u32,
    /// Whom to write to, where the visitor came to write to somebody; may be empty.
    pub to: String,
    /// The form that was sent and could not be used.
    pub attempt: Option<MailAttempt>,
}

/// A place that addresses may be of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailPlace {
    /// A region's code, or an alias of one.
    pub code: RegionCode,
    /// The region that an alias stands for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<RegionCode>,
    /// The city, or the other cluster's name.
    pub name: String,
    /// Whether it is another cluster's.
    #[serde(default)]
    pub is_elsewhere: bool,
}

/// A form of the pages of mail.
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

/// A form that was sent and could not be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailAttempt {
    /// Which.
    pub form: MailForm,
    /// What was typed: a name, or whom to write to.
    pub typed: String,
    /// The message that was typed.
    pub draft: String,
    /// What went wrong.
    pub problem: Problem,
}
