//! What parties' pages are rendered from.

use super::{Chat, NearbyParty, Party, PartyCode, PartyJoined};
use crate::PageState;
use serde::{Deserialize, Serialize};

/// The radius of the page's search for nearby parties, in kilometres.
pub const NEARBY_RADIUS_KM: u32 = 500;
/// The most nearby parties on the page.
pub const NEARBY_MAX: u32 = 12;
/// The number of chat messages that the page loads at a time.
pub const CHAT_PAGE: usize = 50;

/// What the page `/party` is rendered from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartiesState {
    /// What every page is rendered from.
    pub page: PageState,
    /// The region that serves the page.
    pub here: crate::Manager,
    /// The live regions, ordered by code, each with a URL to connect to.
    pub managers: Vec<crate::Manager>,
    /// URLs of the serving region's other instances, if they have their own.
    #[serde(default)]
    pub siblings: Vec<String>,
    /// The visitor's party.
    pub own: Option<PartyJoined>,
    /// The visitor's name, from their party or from the previous page; may be empty.
    pub name: String,
    /// A code from the URL; may be empty.
    pub code: String,
    /// Whether to list a new party: the visitor's last choice.
    pub listed: bool,
    /// Parties near the serving region.
    pub nearby: Vec<NearbyParty>,
    /// Whether Redis was reachable; without it, the visitor's party is unknown.
    pub is_known: bool,
    /// Whether the visitor stays in this region: they were sent here, chose it, or submitted a form that failed.
    pub stays: bool,
    /// Why the submitted form failed.
    pub problem: Option<crate::Problem>,
}

/// What the page `/party/{code}` is rendered from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartyState {
    /// What every page is rendered from.
    pub page: PageState,
    /// The region that serves the page.
    pub here: crate::Manager,
    /// The live regions, ordered by code, each with a URL to connect to.
    pub managers: Vec<crate::Manager>,
    /// URLs of the serving region's other instances, if they have their own.
    #[serde(default)]
    pub siblings: Vec<String>,
    /// The requested code.
    pub party_code: PartyCode,
    /// The party; `None` if it has ended, never existed, or is unknown.
    pub party: Option<Party>,
    /// Whether Redis was reachable; without it, the party is unknown.
    pub is_known: bool,
    /// The visitor's id in it, if they are a participant.
    pub you: Option<u32>,
    /// A secret of the visitor's: it proves to a page of another region that this one handed something over.
    #[serde(default)]
    pub token: Option<String>,
    /// The visitor's name to fill in; may be empty.
    pub name: String,
    /// The URL to share.
    pub link: String,
    /// Why the submitted form failed.
    pub problem: Option<crate::Problem>,
    /// The chat: the newest messages, or the requested ones.
    #[serde(default)]
    pub chat: Chat,
    /// Whether these are older messages, so that newer ones may follow.
    #[serde(default)]
    pub is_past: bool,
    /// The message that could not be sent.
    #[serde(default)]
    pub attempt: Option<ChatAttempt>,
}

/// A chat message that could not be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatAttempt {
    /// What was typed.
    pub draft: String,
    /// What went wrong.
    pub problem: crate::Problem,
}
