//! What the pages of parties are rendered from.

use super::{Chat, NearbyParty, Party, PartyCode, PartyJoined};
use crate::PageState;
use serde::{Deserialize, Serialize};

/// How far away a party is found by the page, in kilometres.
pub const NEARBY_RADIUS_KM: u32 = 500;
/// How many nearby parties the page shows.
pub const NEARBY_MAX: u32 = 12;
/// How many chat messages the page shows, and asks for at once.
pub const CHAT_PAGE: usize = 50;

/// What the page `/party` is rendered from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartiesState {
    /// What every page is rendered from.
    pub page: PageState,
    /// The region that serves the page.
    pub here: crate::Manager,
    /// The live regions, ordered by code, each with an address to go to.
    pub managers: Vec<crate::Manager>,
    /// Addresses of the serving region's other instances, where they have their own.
    #[serde(default)]
    pub siblings: Vec<String>,
    /// The party that the visitor is in.
    pub own: Option<PartyJoined>,
    /// What the visitor is called, from their party or from the page they come from; may be empty.
    pub name: String,
    /// A code that the visitor came with; may be empty.
    pub code: String,
    /// Whether a party of theirs would be found by those nearby: what they chose last.
    pub listed: bool,
    /// Parties near the serving region.
    pub nearby: Vec<NearbyParty>,
    /// Whether Redis was in reach: without it, who is in which party is not known now.
    pub is_known: bool,
    /// Whether the visitor stays here: they were sent, chose this region, or a form of theirs failed.
    pub stays: bool,
    /// What went wrong with the form that was sent.
    pub problem: Option<crate::Problem>,
}

/// What the page `/party/{code}` is rendered from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartyState {
    /// What every page is rendered from.
    pub page: PageState,
    /// The region that serves the page.
    pub here: crate::Manager,
    /// The live regions, ordered by code, each with an address to go to.
    pub managers: Vec<crate::Manager>,
    /// Addresses of the serving region's other instances, where they have their own.
    #[serde(default)]
    pub siblings: Vec<String>,
    /// The code that was asked for.
    pub party_code: PartyCode,
    /// The party; nothing where it has ended, never was, or is not known.
    pub party: Option<Party>,
    /// Whether Redis was in reach: without it, nobody knows whether the party is.
    pub is_known: bool,
    /// The visitor's id in it, if they are in.
    pub you: Option<u32>,
    /// What the visitor is called, to begin with; may be empty.
    pub name: String,
    /// The address to share.
    pub link: String,
    /// What went wrong with the form that was sent.
    pub problem: Option<crate::Problem>,
    /// The chat: the newest messages, or those that were asked for.
    #[serde(default)]
    pub chat: Chat,
    /// Whether the messages are older ones that were asked for: newer ones may follow.
    #[serde(default)]
    pub is_past: bool,
    /// The message that was not sent.
    #[serde(default)]
    pub attempt: Option<ChatAttempt>,
}

/// A chat message that was not sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatAttempt {
    /// What was typed.
    pub draft: String,
    /// What went wrong.
    pub problem: crate::Problem,
}
