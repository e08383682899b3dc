//! Parties and their chats in the REST API and in frames.

use super::{ParticipantName, PartyCode};
use crate::live::{NoKey, Topic};
use crate::{Cursor, DeviceId, MessageId, MessageText, RegionCode};
use serde::{Deserialize, Serialize};

/// The most messages that a chat keeps.
pub const CHAT_KEPT: u32 = 1000;

/// The body of `POST /parties`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewParty {
    /// The creator, who becomes host.
    pub device_id: DeviceId,
    /// Their name; `Guest` and their id without one.
    pub participant_name: Option<ParticipantName>,
    /// Their location, in degrees north; only with `lng`. Without both, the party is located at the serving region.
    #[cfg_attr(feature = "openapi", schema(minimum = -90, maximum = 90))]
    pub lat: Option<f64>,
    /// Their location, in degrees east; only with `lat`.
    #[cfg_attr(feature = "openapi", schema(minimum = -180, maximum = 180))]
    pub lng: Option<f64>,
    /// Whether people nearby can find it; true by default.
    pub listed: Option<bool>,
}

/// The answer to `POST /parties`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartyCreated {
    /// The party's code.
    pub party_code: PartyCode,
    /// The creator's id within the party: 0.
    pub participant_id: u32,
    /// The region that it was created in.
    pub region: RegionCode,
}

/// The body of `POST /parties/{party_code}/participants`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewParticipant {
    /// The person who joins.
    pub device_id: DeviceId,
    /// Their name; `Guest` and their id without one. Renames someone who is already in the party.
    pub participant_name: Option<ParticipantName>,
}

/// The answer to `POST /parties/{party_code}/participants`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartyJoined {
    /// The party's code.
    pub party_code: PartyCode,
    /// The id within the party: counts up from 0, never reused.
    pub participant_id: u32,
}

/// One participant of a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Participant {
    /// The id within the party: counts up from 0, never reused.
    pub participant_id: u32,
    /// Their name.
    pub participant_name: String,
    /// Whether they are the host; exactly one is.
    pub is_leader: bool,
    /// Whether they have any page open, in any region.
    pub online: bool,
    /// The region that serves them; of several, the one that they came to last. `null` while they are offline.
    #[serde(default)]
    pub region: Option<RegionCode>,
    /// How long their newest chat message took from their region's server into Redis, there and back, in milliseconds;
    /// `null` before their first.
    #[serde(default)]
    pub message_ms: Option<u32>,
    /// When they joined, by Redis's clock (RFC 3339, UTC).
    pub joined_at: String,
}

/// A party.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Party {
    /// The party's code.
    pub party_code: PartyCode,
    /// The number of changes so far: a larger one is newer.
    pub rev: u64,
    /// The region that it was created in.
    pub region: RegionCode,
    /// Its location, rounded to about a kilometre: degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lng: f64,
    /// Whether people nearby can find it.
    pub listed: bool,
    /// When it was created, by Redis's clock (RFC 3339, UTC).
    pub created_at: String,
    /// The most participants it may have.
    pub limit: u32,
    /// The participants, in the order in which they joined.
    pub participants: Vec<Participant>,
}

impl Party {
    /// The host.
    #[must_use]
    pub fn leader(&self) -> Option<&Participant> {
        self.participants
            .iter()
            .find(|participant| participant.is_leader)
    }
}

/// A party in the list of nearby ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NearbyParty {
    /// The party's code.
    pub party_code: PartyCode,
    /// Its distance in kilometres.
    pub distance_km: f64,
    /// The number of participants.
    pub participant_count: u32,
    /// The host's name.
    pub leader_name: String,
    /// The region that it was created in.
    pub region: RegionCode,
    /// Its location, rounded to about a kilometre: degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lng: f64,
}

/// The body of `POST /parties/{party_code}/messages`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewChatMessage {
    /// The sender, a participant.
    pub device_id: DeviceId,
    /// The text: 1 to 4096 bytes of UTF-8, of which something can be seen.
    #[cfg_attr(feature = "openapi", schema(value_type = MessageText))]
    pub message: String,
}

/// A message of a party's chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChatMessage {
    /// Its id: the same for all retries with one `Idempotency-Key`.
    pub id: MessageId,
    /// Its position in the chat.
    pub cursor: Cursor,
    /// The sender's id within the party; they may have left since.
    pub participant_id: u32,
    /// Their name at that time.
    pub participant_name: String,
    /// The text: always plain text, never markup.
    pub message: MessageText,
    /// When it was sent, by Redis's clock (RFC 3339, UTC).
    pub sent_at: String,
}

/// Part of a party's chat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Chat {
    /// The messages, oldest first.
    pub messages: Vec<ChatMessage>,
    /// Pass this as `before` to get older messages; `null` if these are the oldest.
    pub before: Option<Cursor>,
}

/// A party, by its code. `None` once it has ended, or where there is none of that code.
pub struct PartyTopic;

impl Topic for PartyTopic {
    const NAME: &'static str = "party";
    type Key = PartyCode;
    type State = Option<Party>;

    fn supersedes(new: &Option<Party>, old: &Option<Party>) -> bool {
        match (new, old) {
            (Some(new), Some(old)) => new.rev >= old.rev,
            _ => true,
        }
    }
}

/// The newest messages of a party's chat, by the party's code: at most fifty.
pub struct ChatTopic;

impl Topic for ChatTopic {
    const NAME: &'static str = "chat";
    type Key = PartyCode;
    type State = Chat;
}

/// How many messages of their party's chat the viewer has not seen: of each person their own number.
pub struct UnreadMessagesTopic;

impl Topic for UnreadMessagesTopic {
    const NAME: &'static str = "unread_messages";
    type Key = NoKey;
    type State = u32;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn optional_fields_may_be_missing() {
        let party: NewParty = serde_json::from_str(r#"{"device_id":"12345678"}"#).unwrap();

        assert_eq!(
            (party.participant_name, party.lat, party.listed),
            (None, None, None)
        );
    }
}
