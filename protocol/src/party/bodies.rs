//! Parties as they are asked for and told of, over REST and in frames.

use super::{ParticipantName, PartyCode};
use crate::{DeviceId, RegionCode};
use serde::{Deserialize, Serialize};

/// The body of `POST /parties`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewParty {
    /// Who creates it, and leads it.
    pub device_id: DeviceId,
    /// What they are called there; `Guest` and their id where nothing is given.
    pub participant_name: Option<ParticipantName>,
    /// Where they are, in degrees north; only with `lng`. Where both are missing, the serving region is
    /// where the party is.
    #[cfg_attr(feature = "openapi", schema(minimum = -90, maximum = 90))]
    pub lat: Option<f64>,
    /// Where they are, in degrees east; only with `lat`.
    #[cfg_attr(feature = "openapi", schema(minimum = -180, maximum = 180))]
    pub lng: Option<f64>,
    /// Whether it is found among the nearby parties; it is unless this says no.
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
    /// Who joins.
    pub device_id: DeviceId,
    /// What they are called there; `Guest` and their id where nothing is given. Who is in already takes a
    /// given name as their new one.
    pub participant_name: Option<ParticipantName>,
}

/// The answer to `POST /parties/{party_code}/participants`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartyJoined {
    /// The party's code.
    pub party_code: PartyCode,
    /// The id within the party: rising from 0, never used twice.
    pub participant_id: u32,
}

/// One participant of a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Participant {
    /// The id within the party: rising from 0, never used twice.
    pub participant_id: u32,
    /// What they are called.
    pub participant_name: String,
    /// Whether they lead: one does.
    pub is_leader: bool,
    /// Whether a page of theirs is open, any page in any region.
    pub online: bool,
    /// When they joined, by Redis's clock (RFC 3339, UTC).
    pub joined_at: String,
}

/// A party.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Party {
    /// The party's code.
    pub party_code: PartyCode,
    /// How many changes the party has seen: a larger one is newer.
    pub rev: u64,
    /// The region that it was created in.
    pub region: RegionCode,
    /// Where it was created, rounded to about a kilometre: degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lng: f64,
    /// Whether it is found among the nearby parties.
    pub listed: bool,
    /// When it was created, by Redis's clock (RFC 3339, UTC).
    pub created_at: String,
    /// How many participants it may have.
    pub limit: u32,
    /// Who is in, in the order in which they joined.
    pub participants: Vec<Participant>,
}

impl Party {
    /// Who leads.
    #[must_use]
    pub fn leader(&self) -> Option<&Participant> {
        self.participants
            .iter()
            .find(|participant| participant.is_leader)
    }
}

/// A party as it is found by those nearby.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NearbyParty {
    /// The party's code.
    pub party_code: PartyCode,
    /// How far away it was created, in kilometres.
    pub distance_km: f64,
    /// How many participants it has.
    pub participant_count: u32,
    /// What its leader is called.
    pub leader_name: String,
    /// The region that it was created in.
    pub region: RegionCode,
    /// Where it was created, rounded to about a kilometre: degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lng: f64,
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
