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
    pub talks: Vec<Letter>,
    /// Whom the open conversation is with; nothing on `/mail`.
    pub with: Option<MailAddress>,
    /// The open conversation's newest letters, or those that were asked for.
    pub conversation: Option<Conversation>,
    /// The places that there are: regions of this cluster with their aliases, and other clusters' regions.
    pub places: Vec<RegionCode>,
    /// Whether Redis was in reach: without it, nobody knows what came.
    pub is_known: bool,
    /// How many letters a mailbox keeps.
    pub kept_max: u32,
    /// For how many days it keeps them.
    pub kept_days: u32,
    /// What was typed where the form that was sent could not be used: a name, or whom to write to.
    pub typed: String,
    /// The message that was typed there.
    pub draft: String,
    /// What went wrong with the form that was sent.
    pub problem: Option<Problem>,
}
